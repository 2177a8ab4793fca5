import type { CommitResult } from "@agentflow/core";
import { fromPortable, type PortableError, toPortable } from "./portable-error.ts";
import type { WriteOperations } from "./write-session.ts";

/** What the store thread is started with. */
export interface ThreadSettings {
  readonly path: string;
  readonly synchronous: "FULL" | "NORMAL";
  /** Pages after which a commit copies the log; 0 when only asked to. */
  readonly checkpointPages: number;
}

/** A call of one operation, or the request to close. */
export interface ThreadRequest {
  readonly id: number;
  readonly name: keyof WriteOperations | "close";
  readonly values: readonly unknown[];
}

/** The answer to the request with the same id. */
export type ThreadReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: PortableError };

type PortableResult =
  | Exclude<CommitResult, { readonly kind: "failed" }>
  | { readonly kind: "failed"; readonly error: PortableError };

/** Commit results as plain data. */
export function toPortableResults(results: readonly CommitResult[]): readonly PortableResult[] {
  return results.map((result) =>
    result.kind === "failed" ? { kind: "failed", error: toPortable(result.error) } : result,
  );
}

/** The inverse of {@link toPortableResults}. */
export function fromPortableResults(results: readonly PortableResult[]): readonly CommitResult[] {
  return results.map((result) =>
    result.kind === "failed" ? { kind: "failed", error: fromPortable(result.error) } : result,
  );
}
