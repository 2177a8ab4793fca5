import type { StepDetail } from "@agentflow/core";
import type { Attempt } from "../step/attempt.ts";
import type { Returned } from "./call-node.ts";

/** The detail of an outcome that has nothing to say. */
export const noDetail: StepDetail = Object.freeze({});

const noArtifacts: ReadonlyMap<string, string> = new Map();

/** What an attempt adds to its step's outcome besides the delta; `inherited` are artifacts that steps of a flow bound. */
export function detailOf(
  attempt: Attempt,
  result: Returned,
  inherited: ReadonlyMap<string, string> = noArtifacts,
): StepDetail {
  const { exhausted } = attempt.task;
  const { cache } = result;
  if (
    result.goto === undefined &&
    attempt.artifacts.length === 0 &&
    inherited.size === 0 &&
    exhausted === undefined &&
    cache === undefined
  ) {
    return noDetail;
  }
  return {
    ...(cache === undefined ? {} : { cache }),
    ...(result.goto === undefined ? {} : { goto: result.goto }),
    ...(inherited.size === 0 ? {} : { inherited: Object.fromEntries([...inherited].sort()) }),
    ...(attempt.artifacts.length === 0 ? {} : { artifacts: attempt.artifacts }),
    ...(exhausted === undefined ? {} : { recovered: { ...exhausted } as never }),
  };
}
