import { parentPort, workerData } from "node:worker_threads";
import { invariant } from "@agentflow/core";
import { openDatabase } from "./open-database.ts";
import { toPortable } from "./portable-error.ts";
import {
  type ThreadReply,
  type ThreadRequest,
  type ThreadSettings,
  toPortableResults,
} from "./thread-messages.ts";
import { sqliteParts, type WriteOperations, writeSession } from "./write-session.ts";

/** The store thread: one connection, one operation at a time, plain data in and out. */
const port = parentPort;
invariant(port !== null, "The store thread has no parent.");
const settings = workerData as ThreadSettings;
const db = openDatabase(settings);
const operations = writeSession(db, settings.path, sqliteParts(db));

port.on("message", (request: ThreadRequest) => port.postMessage(answer(request)));

function answer({ id, name, values }: ThreadRequest): ThreadReply {
  try {
    return { id, ok: true, value: perform(name, values) };
  } catch (error) {
    return { id, ok: false, error: toPortable(error) };
  }
}

function perform(name: ThreadRequest["name"], values: readonly unknown[]): unknown {
  if (name === "close") return db.close();
  if (name === "commit") {
    return toPortableResults(operations.commit(...(values as Parameters<WriteOperations["commit"]>)));
  }
  return (operations[name] as (...parameters: readonly unknown[]) => unknown)(...values);
}
