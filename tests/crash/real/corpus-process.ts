import { join } from "node:path";
import type { Durability } from "@agentflow/core";
import type { StorePlace } from "../../store-place.ts";
import type { ClockJumps } from "./jumping-clock.ts";
import { KillableProcess } from "./killable-process.ts";

/** What a process that advances runs of the corpus is told. */
export interface CorpusProcessSettings {
  readonly place: StorePlace;
  /** Where it leaves what it keeps beside the store. */
  readonly folder: string;
  /** What its runs are named after. */
  readonly series: string;
  readonly durability: Durability;
  /** The number of the first run that may not have succeeded yet. */
  readonly first?: number;
  /** How many runs there are to be; unless given, as many as it can begin until it is told to stop. */
  readonly limit?: number;
  /** Its wall clock jumps, by this. */
  readonly jumps?: ClockJumps;
  /** Events of runs that have succeeded are delivered again. */
  readonly tellsAll?: boolean;
}

const program = join(import.meta.dirname, "corpus-process.fixture.ts");

/** Starts a process that advances runs of the corpus; see the program for what it says and what it is told. */
export function corpusProcess(settings: CorpusProcessSettings): KillableProcess {
  return new KillableProcess(program, settings, { NODE_COMPILE_CACHE: join(settings.folder, "compiled") });
}
