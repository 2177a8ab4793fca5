import { AgentFlowError, DatasetError } from "@agentflow/core";

/** The typed error that a file system error means; an error of ours stays what it is. */
export function storageError(error: unknown, directory: string): AgentFlowError {
  if (error instanceof AgentFlowError) return error;
  const details = { cause: error, context: { dataset: directory } };
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
    return new DatasetError("AF_DATASET_FULL", `The disk of ${directory} is full.`, details);
  }
  return new DatasetError("AF_DATASET_FAILED", `${directory} cannot be read or written.`, details);
}
