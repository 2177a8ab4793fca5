export { artifactPathLimits, checkArtifactPath } from "./artifacts/check-artifact-path.ts";
export { runDirectoryName, tenantDirectoryName } from "./artifacts/run-directory-name.ts";
export type {
  ContextRandom,
  InterruptDeclaration,
  InterruptOptions,
  IoCall,
  IoOptions,
  NodeContext,
  TxOptions,
  WaitOptions,
  WriteResult,
} from "./context.ts";
export { canonicalJson } from "./encoding/canonical-json.ts";
export type { Codec } from "./encoding/codec.ts";
export { bigintCodec, bytesCodec, dateCodec, mapCodec, setCodec } from "./encoding/codecs.ts";
export { deepFreeze } from "./encoding/deep-freeze.ts";
export { diffJson, type JsonChange } from "./encoding/diff-json.ts";
export { type EncodedJson, encodeJson, jsonDepthMax } from "./encoding/encode-json.ts";
export type { Json, JsonObject } from "./encoding/json.ts";
export { hashOf, sha256Hex } from "./encoding/sha256.ts";
export { AgentFlowError, type ErrorDetails } from "./errors/agent-flow-error.ts";
export {
  DatasetError,
  type DatasetErrorCode,
  QueryCancelledError,
  QueryError,
  QueryQueueFullError,
  QueryRefusedError,
} from "./errors/dataset-errors.ts";
export {
  ArtifactNotFoundError,
  ArtifactPathError,
  BackupInvalidError,
  ConfigError,
  MigrationRefusedError,
  UnscriptedIoError,
  UsageError,
  WorkflowFileError,
  type WorkflowFileErrorCode,
} from "./errors/edge-errors.ts";
export type { ErrorClass, ErrorCodeEntry } from "./errors/error-code-entry.ts";
export { type ErrorCode, errorCodes, isErrorCode } from "./errors/error-codes.ts";
export {
  type Failure,
  failureLimits,
  isFailure,
  toFailure,
  withOthers,
  withoutStack,
} from "./errors/failure.ts";
export { GraphError, type GraphErrorCode, type GraphErrorDetails } from "./errors/graph-errors.ts";
export { InvariantError, invariant } from "./errors/invariant.ts";
export {
  BackpressureError,
  MaxStepsExceededError,
  NoProgressError,
  RunBudgetExceededError,
} from "./errors/limit-errors.ts";
export { ModelError, type ModelErrorCode } from "./errors/model-error.ts";
export {
  CrashLoopError,
  FencedError,
  IdempotencyViolationError,
  RunOwnedError,
} from "./errors/ownership-errors.ts";
export {
  HistoryRemovedError,
  NondeterminismError,
  ReplayMismatchError,
  VersionMismatchError,
} from "./errors/replay-errors.ts";
export {
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
} from "./errors/run-errors.ts";
export { type RunFailedDetails, RunFailedError } from "./errors/run-failed-error.ts";
export {
  CapabilityError,
  ConflictError,
  DeadlineExceededError,
  MaxAttemptsExceededError,
  NodeTimeoutError,
  StepFailedError,
  TransactionTimeoutError,
} from "./errors/step-errors.ts";
export {
  StoreCorruptError,
  StoreError,
  type StoreErrorCode,
  StoreFailedError,
  StoreFullError,
  StoreInUseError,
  StoreLockedError,
  StoreNewerError,
  StoreNotEmptyError,
  StoreOlderError,
  StoreReadOnlyError,
  StoreUnavailableError,
} from "./errors/store-errors.ts";
export { ValidationError, type ValidationErrorCode } from "./errors/validation-error.ts";
export { canonicalLog } from "./events/canonical-log.ts";
export { eventProblem, isRecordEvent, withTimestamp } from "./events/check-event.ts";
export {
  countEvents,
  type EventContext,
  type EventSource,
  eventCount,
  eventsOf,
} from "./events/derive-events.ts";
export {
  type AttemptData,
  type CacheData,
  dataOf,
  type EntryData,
  type FileData,
  type JournalRowData,
  type MarkData,
  type RowStamp,
  type RunStartedData,
  type StepPlace,
  type StepSucceededData,
} from "./events/event-data.ts";
export {
  type EventField,
  type EventFieldKind,
  type EventTypeEntry,
  eventTypes,
} from "./events/event-fields.ts";
export { eventLevels } from "./events/event-levels.ts";
export { eventSchema } from "./events/event-schema.ts";
export { frontierOrdinals } from "./events/frontier-ordinals.ts";
export { redactEvent } from "./events/redact-event.ts";
export { endsRow, rowsFromEvents } from "./events/rows-from-events.ts";
export type { EventLevel, LiveEvent, RecordEvent, RecordEventType, RunEvent } from "./events/run-event.ts";
export { type Flow, type FlowOptions, flow } from "./flow/flow.ts";
export type { FlowContext, FlowMapOptions, FlowStepOptions } from "./flow/flow-context.ts";
export type { FlowSpec, FlowTypes, RunInputOf, RunResultOf } from "./flow/flow-spec.ts";
export { closestName } from "./graph/closest-name.ts";
export { compareDefinitions, type DefinitionComparison } from "./graph/compare-definitions.ts";
export type { Conflict, ConflictingWrite, ConflictPolicy, MergeHook } from "./graph/conflict-policy.ts";
export { isWorkflow } from "./graph/define-workflow.ts";
export { describe } from "./graph/describe.ts";
export type {
  EdgeDescription,
  FieldDescription,
  NodeDescription,
  WorkflowDescription,
} from "./graph/description.ts";
export { fingerprintOf } from "./graph/fingerprint.ts";
export { type Goto, goto, isGoto } from "./graph/goto.ts";
export { type InterruptSchemas, interrupt } from "./graph/interrupt.ts";
export { toMermaid } from "./graph/mermaid.ts";
export type {
  EdgeModel,
  FlowBody,
  FunctionBody,
  JoinModel,
  Migrate,
  NestedBody,
  NodeModel,
  RouteModel,
  Workflow,
  WorkflowLimits,
  WorkflowModel,
} from "./graph/model.ts";
export { type Nested, type NestedMapping, nested, nestedBody } from "./graph/nested.ts";
export type { CompensationOptions, NodePolicy, RetryFor, Siblings } from "./graph/node-policy.ts";
export type {
  Exact,
  NestedResult,
  NodeResult,
  NoSuchField,
  PlainDelta,
  StepResult,
} from "./graph/node-result.ts";
export {
  type After,
  type AnyOf,
  anyOf,
  type JoinWhen,
  type MapPlacement,
  type Placement,
} from "./graph/placement.ts";
export { workflow } from "./graph/workflow.ts";
export type { ExitName, MapBody, NodeBody, WorkflowBuilder } from "./graph/workflow-builder.ts";
export type { WorkflowOptions } from "./graph/workflow-options.ts";
export {
  type CommitIdentity,
  commitIdempotencyKey,
  type IoIdentity,
  ioIdempotencyKey,
} from "./identity/idempotency-key.ts";
export { checkNodeName, isNodeName } from "./identity/node-name.ts";
export { compareOrderPath, type OrderKeyParts, orderKey } from "./identity/order-key.ts";
export { jitterOf, type SeededRandom, seededRandom } from "./identity/random.ts";
export { formatStepId, parseStepId, type StepPosition } from "./identity/step-id.ts";
export { type CacheKeyParts, cacheKey } from "./policy/cache-key.ts";
export {
  isRetryable,
  nextDelayMs,
  type ResolvedRetryPolicy,
  type RetryPolicy,
  resolveRetryPolicy,
  retryDefaults,
  shouldRetry,
} from "./policy/retry-policy.ts";
export type { ArtifactStore } from "./ports/artifact-store.ts";
export type { CallInterceptor, NodeCall, OutsideCall } from "./ports/call-interceptor.ts";
export type { Clock } from "./ports/clock.ts";
export type { Emitter } from "./ports/emitter.ts";
export type {
  AttemptOutcome,
  EngineMetrics,
  MeteredWorkflow,
  StepLoad,
  StepMetrics,
} from "./ports/engine-metrics.ts";
export type { ExportBatch, ExportStore } from "./ports/export-store.ts";
export type { Host } from "./ports/host.ts";
export { deadlineSender, type InboxRow, type InboxStore } from "./ports/inbox-store.ts";
export type { OwnerRow, OwnershipStore } from "./ports/ownership-store.ts";
export type { Queued, QueueLimits, QueuePlace, QueueStore } from "./ports/queue-store.ts";
export type { CacheScope, ResponseCache } from "./ports/response-cache.ts";
export type {
  Footprint,
  RemovableRun,
  RemovalRule,
  RemovedRun,
  RetentionPage,
  RetentionStore,
  RunPart,
  RunPlace,
  SnapshotRemoval,
  StoreSpace,
} from "./ports/retention-store.ts";
export type {
  Awaitable,
  Durability,
  RunQuery,
  RunStore,
  ScopeRecord,
  SqlValue,
  StoreCapabilities,
  TransactionSql,
} from "./ports/run-store.ts";
export type { ScheduleRow, ScheduleStore } from "./ports/schedule-store.ts";
export type { StoreBackend } from "./ports/store-backend.ts";
export type { SpanAttributes, SpanRequest, TracedSpan, Tracing } from "./ports/tracing.ts";
export type { InterruptQuery, RestedRun, WaitStore } from "./ports/wait-store.ts";
export { withoutPassword } from "./ports/without-password.ts";
export { classifyConflict, type StoredRows, stepIdempotencyKey } from "./record/classify-conflict.ts";
export type { ModelCall, ModelOutcome } from "./record/model-call.ts";
export { requireHistory } from "./record/require-history.ts";
export type {
  ArtifactBinding,
  AttemptRow,
  BlobRow,
  CommitStamp,
  FlowCallKey,
  FrontierEntry,
  JournalEntry,
  JournalKind,
  JournalRow,
  MarkRow,
  MarkType,
  Position,
  RecordRow,
  Seal,
  SnapshotRow,
  StepDetail,
  StepRow,
} from "./record/rows.ts";
export type { CommitResult, RunCommit } from "./record/run-commit.ts";
export {
  type FinishedStatus,
  finishedStatuses,
  type RunHead,
  type RunOrigin,
  type RunProgress,
  type RunStatus,
  runStatuses,
  type StepStatus,
} from "./record/run-head.ts";
export type { OpenInterrupt, WaitChanges, WaitKey, WaitRow } from "./record/waits.ts";
export { wakesRun } from "./record/wakes-run.ts";
export { append } from "./state/append.ts";
export { type CustomReducer, custom } from "./state/custom.ts";
export type {
  DeltaOf,
  Field,
  FieldKind,
  FieldPresence,
  Frozen,
  InputOf,
  StateOf,
  StateSpec,
} from "./state/field.ts";
export type { FieldOptions } from "./state/field-options.ts";
export { merge } from "./state/merge.ts";
export { max, min, type NumberFieldOptions, sum } from "./state/number-fields.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./state/standard-schema.ts";
export { union } from "./state/union.ts";
export { value } from "./state/value.ts";
export { type CallSpan, callSpan, modelAttributes, noSpan, type ToolCall } from "./tracing/call-span.ts";
