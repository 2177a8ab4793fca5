import { Worker } from "node:worker_threads";
import { StoreFailedError } from "@agentflow/core";
import { fromPortable, type PortableError } from "../sqlite/portable-error.ts";
import type { SqliteFileWork } from "./sqlite-file.ts";

/** What the thread is started with. */
export interface FileRequest {
  readonly name: keyof SqliteFileWork;
  readonly request: unknown;
}

/** What the thread says before it ends. */
export type FileReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: PortableError };

/** Does work on whole SQLite files in a thread of its own, so that the calling one goes on (STO-3). */
export async function inThread<Name extends keyof SqliteFileWork>(
  name: Name,
  request: Parameters<SqliteFileWork[Name]>[0],
): Promise<Awaited<ReturnType<SqliteFileWork[Name]>>> {
  const workerData: FileRequest = { name, request };
  const worker = new Worker(threadFile(), { workerData, name: "agentflow-file" });
  const reply = await new Promise<FileReply>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", (cause) =>
      reject(new StoreFailedError("The thread for SQLite files failed.", { cause })),
    );
    worker.once("exit", (code) =>
      reject(new StoreFailedError(`The thread for SQLite files ended with code ${code}.`)),
    );
  });
  if (!reply.ok) throw fromPortable(reply.error);
  return reply.value as Awaited<ReturnType<SqliteFileWork[Name]>>;
}

function threadFile(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./sqlite-file-thread.${extension}`, import.meta.url);
}
