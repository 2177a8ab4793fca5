/** Exit codes of `af`. */
export const exitCodes = {
  ok: 0,
  runFailed: 1,
  usage: 2,
  invalidInput: 3,
  notAuthorised: 4,
  notFound: 5,
  waiting: 6,
  budgetExceeded: 7,
  auditBroken: 8,
  interrupted: 130,
} as const;

/** What each exit code means, for help and manual. */
export const exitCodeTable: readonly { readonly code: number; readonly means: string }[] = [
  { code: exitCodes.ok, means: "done" },
  { code: exitCodes.runFailed, means: "the run failed, or the command did" },
  { code: exitCodes.usage, means: "the command line cannot be understood" },
  { code: exitCodes.invalidInput, means: "invalid input, workflow or configuration" },
  { code: exitCodes.notAuthorised, means: "not authorised" },
  { code: exitCodes.notFound, means: "no such run or file" },
  { code: exitCodes.waiting, means: "the run waits for an approval or an answer" },
  { code: exitCodes.budgetExceeded, means: "a budget is used up" },
  { code: exitCodes.auditBroken, means: "the audit chain is broken" },
  { code: exitCodes.interrupted, means: "interrupted; the run is parked" },
];
