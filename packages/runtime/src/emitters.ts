export {
  type BufferedEmitter,
  bufferedEmitter,
  type FanOutOptions,
  fanOut,
  type JsonlEmitterOptions,
  jsonlEmitter,
  type OnEmitterError,
  type ReadEvents,
  storedEvents,
} from "@agentflow/telemetry";
export {
  type JsonLoggerOptions,
  jsonLogger,
  type LogEmitterOptions,
  type LogFieldName,
  type LogFields,
  type Logger,
  logEmitter,
  logFields,
} from "@agentflow/telemetry/logging";
