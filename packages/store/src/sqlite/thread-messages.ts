import type { MessagePort } from "node:worker_threads";
import type { CommitResult } from "@agentflow/core";
import { fromPortable, type PortableError, toPortable } from "./portable-error.ts";
import type { WriteOperations } from "./write-session.ts";

/** The connection that the store thread opens. */
export interface ThreadSettings {
  readonly path: string;
  readonly synchronous: "FULL" | "NORMAL";
  /** Of the store's `LogDoubt`. */
  readonly doubt: SharedArrayBuffer;
}

/** What the store thread is started with. */
export interface ThreadStart {
  readonly settings: ThreadSettings;
  readonly port: MessagePort;
  /** How many messages each side has posted, so that the other one can wait for the next without an event loop. */
  readonly posted: Int32Array<SharedArrayBuffer>;
}

/** Places in {@link ThreadStart.posted}. */
export const requestsPosted = 0;
export const repliesPosted = 1;

/** A call of one operation. */
export interface ThreadRequest {
  readonly id: number;
  readonly name: keyof WriteOperations;
  readonly values: readonly unknown[];
}

/** The answer to the request with the same id, and how long its operation took, in milliseconds. */
export type ThreadReply = { readonly id: number; readonly tookMs: number } & (
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: PortableError }
);

/** Results as plain data; undefined when all members were committed and there is nothing to tell, as is usual. */
export type PortableResults =
  | undefined
  | readonly (
      | Exclude<CommitResult, { readonly kind: "failed" }>
      | { readonly kind: "failed"; readonly error: PortableError }
    )[];

const committed: CommitResult = Object.freeze({ kind: "committed" });

/** Commit results as plain data. */
export function toPortableResults(results: readonly CommitResult[]): PortableResults {
  if (results.every((result) => result.kind === "committed" && result.inbox === undefined)) return undefined;
  return results.map((result) =>
    result.kind === "failed" ? { kind: "failed", error: toPortable(result.error) } : result,
  );
}

/** The inverse of {@link toPortableResults} for a group of `count` members. */
export function fromPortableResults(results: PortableResults, count: number): readonly CommitResult[] {
  if (results === undefined) return new Array<CommitResult>(count).fill(committed);
  return results.map((result) =>
    result.kind === "failed" ? { kind: "failed", error: fromPortable(result.error) } : result,
  );
}
