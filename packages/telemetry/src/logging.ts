export { type LogEmitterOptions, logEmitter } from "./log/log-emitter.ts";
export { type LogFieldName, type LogFields, logFields } from "./log/log-fields.ts";
export { type JsonLoggerOptions, jsonLogger, type Logger } from "./log/logger.ts";
