import { datasetCodes } from "./dataset-error-codes.ts";
import type { ErrorCodeEntry } from "./error-code-entry.ts";
import { modelCodes } from "./model-error-codes.ts";
import { storeCodes } from "./store-error-codes.ts";

const graphCodes = {
  AF_GRAPH: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The graph is not valid",
    hint: "Mend the problems listed in `problems`; `af validate FILE` checks the file again.",
  },
  AF_NODE_NAME: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "A node has a name that cannot be used",
    hint: "Use 1 to 64 letters, digits, `_`, `-` or `.`, starting with a letter, a digit or `_`.",
  },
  AF_JOIN_UNSATISFIED: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "A join waits for a predecessor that can no longer arrive",
    hint: 'Declare the join with `join: { when: "settled" }`, or make every path reach its predecessors.',
  },
  AF_ROUTE_TARGET: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "A router or goto named a target that it did not declare",
    hint: "Add the target to `to` of the route or to `goto` of the node.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;

const validationCodes = {
  AF_STATE_VALUE: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "A value is not JSON",
    hint: "Return JSON values only, or declare the field with a codec (date, map, set, bigint, bytes).",
  },
  AF_DELTA_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "A node returned a delta that the state does not accept",
    hint: "Return an object whose keys are declared fields, each with a value that its schema accepts.",
  },
  AF_ITEMS_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "The item list of a map is not a list",
    hint: "Make `over` return an array of JSON values.",
  },
  AF_INPUT_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The input of a run is not valid",
    hint: "Give every field that has no default, with a value that its schema accepts.",
  },
  AF_OUTPUT_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "The output of a run does not match its schema",
    hint: "Compare the final state (`af show RUN --json`) with the `output` schema of the workflow.",
  },
  AF_ASK_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "What an interrupt asks does not match its schema",
    hint: "Pass `ctx.interrupt` a payload that the interrupt's `ask` schema accepts.",
  },
  AF_ANSWER_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The answer to an interrupt does not match its schema",
    hint: "Answer again with a value that the interrupt's `answer` schema accepts.",
  },
  AF_ARGUMENT_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "An option or argument is out of range",
    hint: "Give a value in the range that the message names.",
  },
  AF_JSON_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "A text is not valid JSON",
    hint: "Check quotes and commas at the position named; in a shell, put the JSON in single quotes.",
  },
  AF_STEP_ID: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "A step id cannot be read",
    hint: "A step id looks like `3.read[2]`, nested `3.child[0]/1.plan`; `af show RUN` lists them.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;

const stepCodes = {
  AF_THROWN: {
    class: "internal",
    retryable: true,
    exitCode: 1,
    title: "Code of the workflow threw an error",
    hint: "Read message and cause; declare `retry` if another attempt can succeed, `recover` if not.",
  },
  AF_STEP_FAILED: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "A step failed",
    hint: "Read the cause; `af why RUN` shows the failing step, its input and its attempts.",
  },
  AF_MAX_ATTEMPTS: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "All attempts of a step failed",
    hint: "Mend the cause and `af resume RUN`, raise `attemptsMax`, or declare `recover`.",
  },
  AF_NODE_TIMEOUT: {
    class: "transient",
    retryable: true,
    exitCode: 1,
    title: "A step took longer than its timeout",
    hint: "Raise `timeoutMs` of the node, or pass `ctx.signal` to the slow call so that it ends in time.",
  },
  AF_DEADLINE: {
    class: "transient",
    retryable: false,
    exitCode: 1,
    title: "No answer or event came before its deadline",
    hint: "Give the call a `default`, or catch the error where the step can go on without an answer.",
  },
  AF_TX_TIMEOUT: {
    class: "transient",
    retryable: true,
    exitCode: 1,
    title: "A transaction of a step took too long",
    hint: "Keep `ctx.tx` short and call nothing outside in it, or give it a longer `timeoutMs`.",
  },
  AF_CONFLICT: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "Two parallel steps wrote the same field",
    hint: 'Use a reducer that combines (append, sum, merge), or set `conflict: "lastWriterWins"`.',
  },
  AF_CAPABILITY: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "What is configured here cannot do this",
    hint: "Choose an adapter that declares the capability, or do without it.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;

const runCodes = {
  AF_RUN_FAILED: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "The run failed",
    hint: "Read the cause; mend it and `af resume RUN` goes on from the staged steps.",
  },
  AF_MAX_STEPS: {
    class: "quota",
    retryable: false,
    exitCode: 1,
    title: "The run reached its limit of steps",
    hint: "Check the exit condition of the loop, or raise `maxSteps`.",
  },
  AF_NO_PROGRESS: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "Nothing is ready and the run is not finished",
    hint: "Give every route a target for every state, and every path an exit node.",
  },
  AF_BACKPRESSURE: {
    class: "transient",
    retryable: true,
    exitCode: 1,
    title: "A full queue did not move within the backpressure timeout",
    hint: "Raise `maxConcurrent`, `queueDepth` or `backpressureTimeoutMs`, or shorten the slow steps.",
  },
  AF_RUN_BUDGET: {
    class: "quota",
    retryable: false,
    exitCode: 7,
    title: "The run used up its time budget",
    hint: "Raise `runBudgetMs` and `af resume RUN`; waiting for people is not counted.",
  },
  AF_INTERRUPTED: {
    class: "validation",
    retryable: false,
    exitCode: 6,
    title: "The run waits for an answer",
    hint: "Answer the interrupt named in the context; the run goes on by itself or with `af resume RUN`.",
  },
  AF_CANCELLED: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "The run was cancelled",
    hint: "Start a new run; a cancelled run does not go on.",
  },
  AF_ENGINE_CLOSED: {
    class: "transient",
    retryable: true,
    exitCode: 130,
    title: "The engine was closed and the run is parked",
    hint: "`af resume RUN` goes on from the last commit.",
  },
  AF_RUN_NOT_FOUND: {
    class: "validation",
    retryable: false,
    exitCode: 5,
    title: "There is no such run",
    hint: "`af runs` lists the runs of this store; check `--store`.",
  },
  AF_RUN_EXISTS: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "There is another run with this id",
    hint: "Leave out `id` to get a new one. The same workflow and input give the run that exists.",
  },
  AF_UNREGISTERED_WORKFLOW: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The engine was not given the workflow of the run",
    hint: "Give it to `createEngine({ workflows: [...] })`, or to `engine.resume(runId, workflow)`.",
  },
  AF_RUN_STATUS: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The status of the run does not allow this",
    hint: "`af show RUN` shows the status; a run that succeeded or was cancelled does not go on.",
  },
  AF_INTERRUPT_NOT_FOUND: {
    class: "validation",
    retryable: false,
    exitCode: 5,
    title: "There is no such interrupt",
    hint: "`af why RUN` lists the interrupts that wait, with their ids.",
  },
  AF_ANSWER_CONFLICT: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The interrupt was answered before",
    hint: "The first answer counts; look at it with `af show RUN`.",
  },
  AF_CURSOR: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The cursor is past the last event of the run",
    hint: "Read again from the start, or from the last seq that this store returned.",
  },
  AF_STREAM_OVERFLOW: {
    class: "transient",
    retryable: false,
    exitCode: 1,
    title: "A reader of live events was slower than the run",
    hint: 'Read faster, raise `buffer`, or let live events be dropped with `overflow: "dropOldest"`.',
  },
  AF_FORK_POINT: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The run cannot be forked there",
    hint: "Name a step of the run, or the `event` of a checkpoint that `af history RUN` lists.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;

const recordCodes = {
  AF_FENCED: {
    class: "transient",
    retryable: false,
    exitCode: 1,
    title: "Another process took over the run",
    hint: "Nothing to mend: the newer owner goes on. `af why RUN` names it.",
  },
  AF_RUN_OWNED: {
    class: "transient",
    retryable: false,
    exitCode: 1,
    title: "Another process advances the run",
    hint: "Wait for it or stop it; `af why RUN` names host and process. `af tail RUN -f` follows it.",
  },
  AF_CRASH_LOOP: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "The run crashed its process again and again",
    hint: "Mend the steps in flight named in the context (memory, process.exit, native code), then resume.",
  },
  AF_IDEMPOTENCY_VIOLATION: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "A position was committed before with another result",
    hint: "Make the node deterministic: time, random values and outside calls only through `ctx`.",
  },
  AF_REPLAY_MISMATCH: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "Replay diverged from the stored run",
    hint: "Compare expected and actual of the step named; use the code that made the run.",
  },
  AF_NONDETERMINISM: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "A node used time, random values or the network outside ctx",
    hint: "Use `ctx.now()`, `ctx.rng`, `ctx.uuid()` or `ctx.io(...)` at the line named.",
  },
  AF_VERSION_MISMATCH: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The run was made by another version of the workflow",
    hint: "Declare `migrate`, resume with the old version, or override the check.",
  },
  AF_HISTORY_REMOVED: {
    class: "validation",
    retryable: false,
    exitCode: 5,
    title: "The history of the run was removed",
    hint: "Look at what is left with `af show RUN`; keep histories longer with `keepHistoryDays`.",
  },
  AF_IMPORT: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The run directory cannot be imported",
    hint: "Import an unredacted directory with `manifest.json` and `events.jsonl` of the same run.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;

const edgeCodes = {
  AF_USAGE: {
    class: "validation",
    retryable: false,
    exitCode: 2,
    title: "The command line cannot be understood",
    hint: "`af --help` and `af COMMAND --help` show commands, flags and examples.",
  },
  AF_CONFIG: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The configuration is not valid",
    hint: "`af config` shows each value with its source.",
  },
  AF_WORKFLOW_FILE_NOT_FOUND: {
    class: "validation",
    retryable: false,
    exitCode: 5,
    title: "There is no such workflow file",
    hint: "Give the path of a TypeScript or JavaScript file, relative to the current folder.",
  },
  AF_WORKFLOW_FILE_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The workflow file cannot be loaded",
    hint: "Mend the error at the line named; only erasable TypeScript syntax runs without a build.",
  },
  AF_WORKFLOW_EXPORT: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The workflow file does not export the workflow",
    hint: "Export the result of `.end(...)`; with several exports, name one.",
  },
  AF_ARTIFACT_PATH: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "An artifact path leaves the run's artifacts",
    hint: "Use a relative path without `..` that passes no symbolic link.",
  },
  AF_ARTIFACT_NOT_FOUND: {
    class: "validation",
    retryable: false,
    exitCode: 5,
    title: "The content of an artifact is not there",
    hint: "Use the artifact folder that the run was made with (`af config` shows it), or restore it from a backup.",
  },
  AF_IO_UNSCRIPTED: {
    class: "validation",
    retryable: false,
    exitCode: 1,
    title: "A test does not answer an outside call",
    hint: "Give the test an `io` script for the call, or let it call the outside with `real`.",
  },
  AF_MIGRATION_REFUSED: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The schema cannot be migrated that way",
    hint: "Use the version of AgentFlow that migrated the database, or restore a backup.",
  },
  AF_BACKUP_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The backup cannot be restored",
    hint: "Use another backup; nothing was changed.",
  },
  AF_INVARIANT: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "AgentFlow broke a rule of its own",
    hint: "This is a bug in AgentFlow: report it with the message and the stack.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** The one table of error codes: class, whether a retry can help, exit code of `af`, title and default hint. */
export const errorCodes = {
  ...graphCodes,
  ...validationCodes,
  ...stepCodes,
  ...runCodes,
  ...recordCodes,
  ...storeCodes,
  ...datasetCodes,
  ...modelCodes,
  ...edgeCodes,
} as const satisfies Record<string, ErrorCodeEntry>;

/** A stable error code, a key of `errorCodes`. */
export type ErrorCode = keyof typeof errorCodes;

/** True if `code` is in the table; a stored failure of a newer version may carry one that is not. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}
