import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";
import type { ErrorCode } from "./error-codes.ts";

/** A command line that cannot be understood. */
export class UsageError extends AgentFlowError<"AF_USAGE"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_USAGE", message, details);
  }
}

/** Configuration that is missing, malformed or contradictory (RUN-40). */
export class ConfigError extends AgentFlowError<"AF_CONFIG"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_CONFIG", message, details);
  }
}

/** An artifact path that leaves the run's artifacts: absolute, `..`, or through a symbolic link (RUN-30). */
export class ArtifactPathError extends AgentFlowError<"AF_ARTIFACT_PATH"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_ARTIFACT_PATH", message, details);
  }
}

/** The artifact store holds no content with this hash (RUN-30). */
export class ArtifactNotFoundError extends AgentFlowError<"AF_ARTIFACT_NOT_FOUND"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_ARTIFACT_NOT_FOUND", message, details);
  }
}

/** A test does not say what answers an outside call of the run under test (ENG-52). */
export class UnscriptedIoError extends AgentFlowError<"AF_IO_UNSCRIPTED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_IO_UNSCRIPTED", message, details);
  }
}

/** A migration without a way back, or one that is not the one that the database went through (STO-2). */
export class MigrationRefusedError extends AgentFlowError<"AF_MIGRATION_REFUSED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_MIGRATION_REFUSED", message, details);
  }
}

/** A backup that is damaged, incomplete, or not one of this store's kind (STO-6). */
export class BackupInvalidError extends AgentFlowError<"AF_BACKUP_INVALID"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_BACKUP_INVALID", message, details);
  }
}

/** Codes of WorkflowFileError. */
export type WorkflowFileErrorCode = Extract<ErrorCode, `AF_WORKFLOW_${string}`>;

/** A workflow file that does not exist, does not load, or does not export the workflow asked for (CLI-1). */
export class WorkflowFileError extends AgentFlowError<WorkflowFileErrorCode> {}
