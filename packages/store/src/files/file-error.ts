import {
  AgentFlowError,
  StoreFailedError,
  StoreFullError,
  StoreReadOnlyError,
  StoreUnavailableError,
} from "@agentflow/core";

/** The store error that a file system error means; an error of ours stays what it is. */
export function fileError(error: unknown, path: string): AgentFlowError {
  if (error instanceof AgentFlowError) return error;
  const details = { cause: error, context: { path } };
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new StoreFullError(`The disk of ${path} is full.`, details);
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new StoreReadOnlyError(`${path} cannot be written.`, details);
    case "EIO":
      return new StoreUnavailableError(`The disk of ${path} fails.`, details);
    case "ENOENT":
    case "ENOTDIR":
      return new StoreUnavailableError(`${path} cannot be reached.`, details);
    default:
      return new StoreFailedError(`The file system refused ${path}.`, details);
  }
}

/** True if an error says that a file is not there. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
