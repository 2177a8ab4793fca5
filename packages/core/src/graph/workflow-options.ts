import type { InputOf, StateSpec } from "../state/field.ts";
import type { StandardSchema } from "../state/standard-schema.ts";
import type { ConflictPolicy } from "./conflict-policy.ts";
import type { Migrate, WorkflowLimits } from "./model.ts";
import type { CompensationOptions, Siblings } from "./node-policy.ts";

/** What a workflow is given beside its nodes. */
export interface WorkflowOptions<Spec extends StateSpec> {
  /** Part of the fingerprint: raise it when functions change what stored runs must not mix (S19). */
  readonly version: string;
  /** The fields of the state. */
  readonly state: Spec;
  /** Validates the input when a run starts. */
  readonly input?: StandardSchema<unknown, InputOf<Spec>>;
  /** Validates the final state. */
  readonly output?: StandardSchema<unknown, unknown>;
  /** What happens when two steps of a superstep write one field (S18); "fail" unless given. */
  readonly conflict?: ConflictPolicy;
  /** Lets runs of older definitions go on under this one (S19). */
  readonly migrate?: Migrate;
  readonly limits?: WorkflowLimits;
  /** What becomes of the steps beside one that fails, where its node does not say; "finish" unless given (S11). */
  readonly siblings?: Siblings;
  /** When completed steps are compensated; when the run fails, unless given. */
  readonly compensation?: CompensationOptions;
}

/** The options together with the name. */
export interface NamedOptions<Spec extends StateSpec = StateSpec> extends WorkflowOptions<Spec> {
  readonly name: string;
}
