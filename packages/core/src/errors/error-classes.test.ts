import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentFlowError } from "./agent-flow-error.ts";
import {
  DatasetError,
  QueryCancelledError,
  QueryError,
  QueryQueueFullError,
  QueryRefusedError,
} from "./dataset-errors.ts";
import {
  ArtifactNotFoundError,
  ArtifactPathError,
  BackupInvalidError,
  ConfigError,
  MigrationRefusedError,
  UnscriptedIoError,
  UsageError,
  WorkflowFileError,
} from "./edge-errors.ts";
import type { ErrorCodeEntry } from "./error-code-entry.ts";
import { type ErrorCode, errorCodes, isErrorCode } from "./error-codes.ts";
import { toFailure } from "./failure.ts";
import { GraphError } from "./graph-errors.ts";
import { InvariantError } from "./invariant.ts";
import {
  BackpressureError,
  MaxStepsExceededError,
  NoProgressError,
  RunBudgetExceededError,
} from "./limit-errors.ts";
import { ModelError } from "./model-error.ts";
import { CrashLoopError, FencedError, IdempotencyViolationError, RunOwnedError } from "./ownership-errors.ts";
import {
  HistoryRemovedError,
  NondeterminismError,
  ReplayMismatchError,
  VersionMismatchError,
} from "./replay-errors.ts";
import {
  AnswerConflictError,
  CancelledError,
  CursorError,
  EngineClosedError,
  ForkPointError,
  InterruptedError,
  InterruptNotFoundError,
  RunExistsError,
  RunImportError,
  RunNotFoundError,
  RunStatusError,
  StreamOverflowError,
  UnregisteredWorkflowError,
} from "./run-errors.ts";
import { RunFailedError } from "./run-failed-error.ts";
import {
  CapabilityError,
  ConflictError,
  DeadlineExceededError,
  MaxAttemptsExceededError,
  NodeTimeoutError,
  StepFailedError,
  TransactionTimeoutError,
} from "./step-errors.ts";
import {
  StoreCorruptError,
  StoreError,
  StoreFailedError,
  StoreFullError,
  StoreInUseError,
  StoreLockedError,
  StoreNewerError,
  StoreNotEmptyError,
  StoreOlderError,
  StoreReadOnlyError,
  StoreUnavailableError,
} from "./store-errors.ts";
import { ValidationError } from "./validation-error.ts";

const failure = toFailure(new Error("boom"));

/** One error of every code that has a class: all but AF_THROWN, which only a Failure carries. */
const errors: readonly AgentFlowError[] = [
  new AnswerConflictError("m"),
  new ArtifactNotFoundError("m"),
  new ArtifactPathError("m"),
  new BackpressureError("m"),
  new BackupInvalidError("m"),
  new CancelledError("m"),
  new CapabilityError("m"),
  new ConfigError("m"),
  new ConflictError("m"),
  new CrashLoopError("m"),
  new CursorError("m"),
  new EngineClosedError("m"),
  new FencedError("m"),
  new ForkPointError("m"),
  new IdempotencyViolationError("m"),
  new InterruptedError("m"),
  new InterruptNotFoundError("m"),
  new InvariantError("m"),
  new MaxAttemptsExceededError("m"),
  new MaxStepsExceededError("m"),
  new MigrationRefusedError("m"),
  new NodeTimeoutError("m"),
  new TransactionTimeoutError("m"),
  new DeadlineExceededError("m"),
  new NondeterminismError("m"),
  new HistoryRemovedError("m"),
  new NoProgressError("m"),
  new ReplayMismatchError("m"),
  new RunBudgetExceededError("m"),
  new RunExistsError("m"),
  new RunFailedError("m", { failure }),
  new RunImportError("m"),
  new RunNotFoundError("m"),
  new RunOwnedError("m"),
  new RunStatusError("m"),
  new StepFailedError("m"),
  new StoreCorruptError("m"),
  new StoreFailedError("m"),
  new StoreFullError("m"),
  new StoreInUseError("m"),
  new StoreLockedError("m"),
  new StoreNewerError("m"),
  new StoreNotEmptyError("m"),
  new StoreOlderError("m"),
  new StoreReadOnlyError("m"),
  new StoreUnavailableError("m"),
  new UnscriptedIoError("m"),
  new StreamOverflowError("m"),
  new UsageError("m"),
  new UnregisteredWorkflowError("m"),
  new VersionMismatchError("m"),
  ...(["AF_GRAPH", "AF_NODE_NAME", "AF_JOIN_UNSATISFIED", "AF_ROUTE_TARGET"] as const).map(
    (code) => new GraphError(code, "m"),
  ),
  ...(
    [
      "AF_DATASET_DECLARATION",
      "AF_DATASET_NOT_FOUND",
      "AF_DATASET_CORRUPT",
      "AF_DATASET_LOCKED",
      "AF_DATASET_FULL",
      "AF_DATASET_FAILED",
    ] as const
  ).map((code) => new DatasetError(code, "m")),
  new QueryCancelledError("m"),
  new QueryError("m"),
  ...(
    [
      "AF_MODEL_TIMEOUT",
      "AF_MODEL_RATE_LIMITED",
      "AF_MODEL_PROVIDER",
      "AF_MODEL_CIRCUIT_OPEN",
      "AF_MODEL_RETRIES",
      "AF_MODEL_AUTH",
      "AF_MODEL_REQUEST",
      "AF_MODEL_OUTPUT",
      "AF_MODEL_QUOTA",
      "AF_MODEL_BUDGET",
      "AF_MODEL_PRICE_UNKNOWN",
      "AF_MODEL_CANCELLED",
      "AF_MODEL_RESIDENCY",
      "AF_MODEL_DISABLED",
    ] as const
  ).map((code) => new ModelError(code, "m")),
  new QueryQueueFullError("m"),
  new QueryRefusedError("m"),
  ...(["AF_WORKFLOW_FILE_NOT_FOUND", "AF_WORKFLOW_FILE_INVALID", "AF_WORKFLOW_EXPORT"] as const).map(
    (code) => new WorkflowFileError(code, "m"),
  ),
  ...(
    [
      "AF_STATE_VALUE",
      "AF_DELTA_INVALID",
      "AF_ITEMS_INVALID",
      "AF_INPUT_INVALID",
      "AF_OUTPUT_INVALID",
      "AF_ASK_INVALID",
      "AF_ANSWER_INVALID",
      "AF_ARGUMENT_INVALID",
      "AF_JSON_INVALID",
      "AF_STEP_ID",
    ] as const
  ).map((code) => new ValidationError(code, "m")),
];

test("every code has its error class, and every error its code (ENG-51)", () => {
  const codes = errors.map((error) => error.code);
  assert.deepEqual([...codes, "AF_THROWN"].sort(), Object.keys(errorCodes).sort());
});

for (const error of errors) {
  test(`${error.code}: instanceof, code, class, hint and page agree with the table`, () => {
    const entry = errorCodes[error.code];
    assert.ok(error instanceof AgentFlowError && error instanceof Error);
    assert.equal(error.name, error.constructor.name);
    assert.ok(error.stack?.startsWith(`${error.name}: m`), error.stack);
    assert.equal(error.class, entry.class);
    assert.equal(error.retryable, entry.retryable);
    assert.equal(error.hint, entry.hint);
    assert.equal(error.docs, `docs/errors/${error.code}.md`);
    assert.equal(error instanceof StoreError, error.code.startsWith("AF_STORE_"));
  });
}

test("an error keeps its own hint, context and cause, and has no cause if none was given", () => {
  const cause = new Error("why");
  const error = new ConflictError("m", { hint: "h", context: { field: "report" }, cause });
  assert.deepEqual([error.hint, error.context, error.cause], ["h", { field: "report" }, cause]);
  assert.ok(!("cause" in new ConflictError("m")));
  assert.deepEqual(new ConflictError("m").context, {});
});

test("a graph error lists its problems, also in its context", () => {
  const error = new GraphError("AF_GRAPH", "2 problems", {
    problems: ["a", "b"],
    context: { workflow: "w" },
  });
  assert.deepEqual(error.problems, ["a", "b"]);
  assert.deepEqual(error.context, { problems: ["a", "b"], workflow: "w" });
  assert.deepEqual(new GraphError("AF_GRAPH", "one").problems, ["one"]);
});

test("a failed run carries the failure as cause and the others beside it (S11)", () => {
  const error = new RunFailedError("m", { failure, others: [failure] });
  assert.equal(error.cause, failure);
  assert.deepEqual([error.failure, error.others], [failure, [failure]]);
  assert.deepEqual(new RunFailedError("m", { failure }).others, []);
});

test("codes are told from other texts", () => {
  assert.ok(isErrorCode("AF_CONFLICT"));
  assert.ok(!isErrorCode("toString"));
});

test("every entry of the table says what it must and ends with a documented exit code", () => {
  for (const [code, entry] of Object.entries(errorCodes) as [ErrorCode, ErrorCodeEntry][]) {
    assert.match(code, /^AF_[A-Z]+(_[A-Z]+)*$/);
    assert.ok([1, 2, 3, 5, 6, 7, 130].includes(entry.exitCode), code);
    assert.ok(entry.title.length > 10 && entry.title.length <= 80 && !entry.title.endsWith("."), code);
    assert.ok(entry.hint.endsWith("."), code);
    assert.ok(!(entry.retryable && (entry.class === "validation" || entry.class === "auth")), code);
  }
});
