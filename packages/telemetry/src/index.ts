export { type BufferedEmitter, bufferedEmitter } from "./emitters/buffered-emitter.ts";
export { type FanOutOptions, fanOut, type OnEmitterError } from "./emitters/fan-out.ts";
export { type JsonlEmitterOptions, jsonlEmitter } from "./jsonl/jsonl-emitter.ts";
export { type ImportRequest, importRunDirectory } from "./run-directory/import-run-directory.ts";
export type { Manifest, ManifestArtifact } from "./run-directory/manifest.ts";
export {
  type RebuildRequest,
  type RebuildResult,
  rebuildRunDirectory,
} from "./run-directory/rebuild-run-directory.ts";
export { type RunDirectoryOptions, runDirectoryEmitter } from "./run-directory/run-directory-emitter.ts";
export { type RunDirectoryLayout, runDirectoryLayout } from "./run-directory/run-directory-layout.ts";
export type { ProjectionSource } from "./run-directory/run-projection.ts";
export { type ImportResult, type ImportTarget, importToldRun } from "./run-events/import-told-run.ts";
export type { ToldRun } from "./run-events/rebuilt-commit.ts";
export { type ReadEvents, storedEvents } from "./run-events/stored-events.ts";
export {
  formatHistory,
  parseHistory,
  type RecordedHistory,
  readRecordedHistory,
  type StoredRun,
} from "./run-history/recorded-history.ts";
