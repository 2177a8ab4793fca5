import type { Json, StepDetail } from "@agentflow/core";

/** A step whose outcome exists and waits for the others of its superstep (S2). */
export interface StagedStep {
  readonly stepId: string;
  readonly node: string;
  readonly ordinal: number;
  /** The delta, encoded and frozen, per field. */
  readonly values: Readonly<Record<string, Json>>;
  readonly goto: readonly string[] | undefined;
  /** Artifacts bound by the step or, for a nested workflow, by its steps. */
  readonly artifacts: readonly { readonly path: string; readonly sha256: string }[];
}

const noArtifacts: StagedStep["artifacts"] = Object.freeze([]);

/** The artifacts that a step's detail binds. */
export function artifactsOf(detail: StepDetail): StagedStep["artifacts"] {
  const { inherited, artifacts = noArtifacts } = detail;
  if (inherited === undefined) return artifacts;
  return [...Object.entries(inherited).map(([path, sha256]) => ({ path, sha256 })), ...artifacts];
}
