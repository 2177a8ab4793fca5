import { parentPort, workerData } from "node:worker_threads";
import { invariant } from "@agentflow/core";
import { toPortable } from "../sqlite/portable-error.ts";
import { sqliteFileWork } from "./sqlite-file.ts";
import type { FileReply, FileRequest } from "./sqlite-file-client.ts";

/** Does one piece of work on whole SQLite files and ends. */
const port = parentPort;
invariant(port !== null, "The thread has no parent.");
port.postMessage(await answer(workerData as FileRequest));

async function answer({ name, request }: FileRequest): Promise<FileReply> {
  try {
    const work = sqliteFileWork[name] as (request: unknown) => unknown;
    return { ok: true, value: await work(request) };
  } catch (error) {
    return { ok: false, error: toPortable(error) };
  }
}
