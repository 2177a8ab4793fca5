import type { CrossingFault, CrossingFaultKind } from "@agentflow/contracts";
import type { StoreBackend } from "@agentflow/core";
import type { CorpusCaseFactory } from "../corpus/corpus.ts";
import { checkStory, tellStory } from "./crash-story.ts";

/** What a walk over the crossings of a case is made of. */
export interface Walk {
  readonly makeCase: CorpusCaseFactory;
  readonly kinds: readonly CrossingFaultKind[];
  /** A back end for the next run, and the tenant to keep it under. */
  readonly nextPlace: () => { readonly backend: StoreBackend; readonly tenant: string };
  /** Faults of the processes after the first. */
  readonly laterFaults?: (crossing: number) => readonly CrossingFault[];
}

/** What a walk found: how many moments there were, and at which of them a promise was broken, and how. */
export interface WalkResult {
  readonly points: number;
  readonly failures: readonly string[];
}

/** Errors of these reach the step that called, which may fail by them: a crash there is what is to be survived. */
const toldToSteps = ["outside", "artifact.put", "cache.get", "cache.put"];
const errorsFail: ReadonlySet<CrossingFaultKind> = new Set(["loseAcknowledgement", "fail"]);

/** Fails the first process at each of its crossings in turn, and holds every run against one without faults. */
export async function walkCrossings(walk: Walk): Promise<WalkResult> {
  const { backend, tenant } = walk.nextPlace();
  const reference = await tellStory(walk.makeCase, backend, tenant);
  await checkStory(reference, reference);
  const failures: string[] = [];
  let points = 0;
  for (const kind of walk.kinds) {
    for (let crossing = 1, goesOn = true; goesOn; crossing++) {
      const place = walk.nextPlace();
      const spares = errorsFail.has(kind) ? toldToSteps : [];
      const faults = [{ crossing, kind, spares }, ...(walk.laterFaults?.(crossing) ?? [])];
      let where = `${kind} at crossing ${crossing}`;
      try {
        const story = await tellStory(walk.makeCase, place.backend, place.tenant, { faults });
        const line = story.processes[0]?.line;
        goesOn = line?.faultedAt !== undefined;
        if (!goesOn) continue;
        if (spares.includes(line?.faultedAt ?? "")) continue;
        points++;
        where += ` (${line?.faultedAt})`;
        await checkStory(story, reference);
      } catch (error) {
        failures.push(`${where}: ${error instanceof Error ? error.stack : String(error)}`);
        goesOn = crossing < 2_000;
      }
    }
  }
  return { points, failures };
}
