import { fileURLToPath } from "node:url";
import { KillableProcess } from "../crash/real/killable-process.ts";
import type { StorePlace } from "../store-place.ts";

/** What a process is to answer, and as whom. */
export interface ClickSettings {
  readonly place: StorePlace;
  readonly runId: string;
  readonly id: string;
  readonly by: string;
}

/** Starts a process that answers an interrupt once it is told to. */
export function clickingProcess({ place, ...click }: ClickSettings): KillableProcess {
  const { store, url } = place;
  const program = fileURLToPath(new URL("clicking-process.fixture.ts", import.meta.url));
  return new KillableProcess(program, { place: { store, url }, ...click });
}
