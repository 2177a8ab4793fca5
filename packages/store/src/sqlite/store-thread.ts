import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { LogDoubt } from "./log-doubt.ts";
import { openDatabase } from "./open-database.ts";
import { fromPortableCommits, type PortableCommits } from "./portable-commits.ts";
import { toPortable } from "./portable-error.ts";
import { syncFolderOf } from "./rewrite-log.ts";
import {
  repliesPosted,
  requestsPosted,
  type ThreadReply,
  type ThreadRequest,
  type ThreadStart,
  toPortableResults,
} from "./thread-messages.ts";
import { sqliteParts, writeSession } from "./write-session.ts";

/**
 * The store thread: one connection, one operation at a time, plain data in and out. It sleeps on shared memory instead
 * of in an event loop, from which waking takes several times as long. Whoever started it ends it.
 */
const { settings, port, posted } = workerData as ThreadStart;
const db = openDatabase(settings);
const { path, synchronous } = settings;
const syncs = synchronous === "FULL";
const operations = writeSession({
  ...sqliteParts(db),
  db,
  path,
  doubt: new LogDoubt(settings.doubt),
  syncs,
});
// What is synced in the log is of no use if the log's name is lost.
if (syncs) syncFolderOf(path);

for (;;) {
  const seen = Atomics.load(posted, requestsPosted);
  const request = receiveMessageOnPort(port)?.message as ThreadRequest | undefined;
  if (request === undefined) {
    Atomics.wait(posted, requestsPosted, seen);
    continue;
  }
  port.postMessage(answer(request));
  Atomics.add(posted, repliesPosted, 1);
  Atomics.notify(posted, repliesPosted);
}

function answer({ id, name, values }: ThreadRequest): ThreadReply {
  const start = performance.now();
  try {
    const value = perform(name, values);
    return { id, ok: true, value, tookMs: performance.now() - start };
  } catch (error) {
    return { id, ok: false, error: toPortable(error), tookMs: performance.now() - start };
  }
}

function perform(name: ThreadRequest["name"], values: readonly unknown[]): unknown {
  if (name === "commit")
    return toPortableResults(operations.commit(fromPortableCommits(values[0] as PortableCommits)));
  return (operations[name] as (...parameters: readonly unknown[]) => unknown)(...values);
}
