import { type Json, RunExistsError, type RunHead, type RunOrigin } from "@agentflow/core";

/**
 * Checks that a stored run is what a start under its id would have made: same workflow, same input and, where one was
 * asked for, same seed. Throws RunExistsError that says what differs. The version is left out, so that a caller of a newer
 * one may repeat its start.
 */
export function checkSameRun(stored: RunHead, wanted: RunOrigin, seed: string | undefined): void {
  const { runId } = stored;
  const differences: string[] = [];
  if (stored.workflow !== wanted.workflow) {
    const names = [stored.workflow, wanted.workflow].map((name) => JSON.stringify(name));
    differences.push(`its workflow is ${names[0]}, not ${names[1]}`);
  } else if (stored.input !== wanted.input) {
    differences.push(`its input has another ${differingFields(stored.input, wanted.input)}`);
  }
  if (seed !== undefined && stored.seed !== seed) differences.push("its seed is another one");
  if (differences.length === 0) return;
  throw new RunExistsError(
    `There is already a run ${runId}, and it differs: ${differences.join(", and ")}.`,
    {
      context: { runId, differences },
    },
  );
}

/** The fields of two inputs, as they are stored, that differ; a large one is known by its hash alone. */
function differingFields(stored: string, wanted: string): string {
  if (stored.startsWith("#") || wanted.startsWith("#")) return "content";
  const [before, now] = [stored, wanted].map((input) => JSON.parse(input) as Record<string, Json>);
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(now ?? {})]);
  return [...names]
    .filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(now?.[name]))
    .map((name) => JSON.stringify(name))
    .join(", ");
}
