import type { CorpusCase, Outside } from "./corpus-case.ts";
import { dataCases } from "./data-cases.ts";
import { failureCases } from "./failure-cases.ts";
import { flowCases } from "./flow-cases.ts";
import { functionCases } from "./function-cases.ts";
import { nestedCases } from "./nested-cases.ts";
import { peopleCases } from "./people-cases.ts";
import { waitingCases } from "./waiting-cases.ts";

/** Makes a case on an outside world. */
export type CorpusCaseFactory = (outside: Outside) => CorpusCase;

/** Workflows that together use every feature of the engine, each with what is done to its run until it succeeds. */
export const corpus: readonly CorpusCaseFactory[] = [
  ...flowCases,
  ...functionCases,
  ...nestedCases,
  ...failureCases,
  ...waitingCases,
  ...peopleCases,
  ...dataCases,
];

/** A case for its name and needs; its workflow is not to be run. */
export function describeCase(makeCase: CorpusCaseFactory): CorpusCase {
  return makeCase({ salt: "", entered: () => undefined, act: async () => null });
}
