import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  eventTypes,
  ReplayMismatchError,
  RunImportError,
  type StoreBackend,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { parseHistory } from "@agentflow/telemetry";
import { service } from "../services.ts";
import { openPlace, type StoreName, temporaryPlace } from "../store-place.ts";
import { changedHistories, hashesFile, historyFiles, readHashes, readHistory } from "./hash-list.ts";
import { loadRecorded, workflowsFolder } from "./recorded-workflow.ts";
import { replayHistory } from "./replay-history.ts";

const files = historyFiles();

/** What is to be closed when all histories were replayed, last opened first. */
const closers: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
});

function opener(store: StoreName): () => Promise<StoreBackend> {
  let opened: Promise<StoreBackend> | undefined;
  const open = async () => {
    const folder = mkdtempSync(join(tmpdir(), "agentflow-histories-"));
    const place = await temporaryPlace(store, folder);
    const backend = await openPlace(place);
    closers.push(async () => {
      await backend.runs.close();
      await place.drop();
      rmSync(folder, { recursive: true });
    });
    return backend;
  };
  return () => {
    opened ??= open();
    return opened;
  };
}

const stores = [
  { store: "memory", needed: {}, open: async () => openMemory() },
  { store: "SQLite", needed: {}, open: opener("sqlite") },
  { store: "PostgreSQL", needed: await service("postgres"), open: opener("postgres") },
  { store: "MariaDB", needed: await service("mariadb"), open: opener("mysql") },
];

for (const { store, needed, open } of stores) {
  for (const file of files) {
    test(`${file} replays strictly, to the bytes it was recorded with (${store})`, needed, async () => {
      const history = parseHistory(readHistory(file));
      const recorded = await loadRecorded(join(workflowsFolder, file.replace(/jsonl$/, "ts")));
      const { outcome, ended } = await replayHistory(await open(), history, recorded);
      assert.deepEqual(outcome, history.about["outcome"]);
      assert.deepEqual(ended, history.about["ended"]);
    });
  }
}

test("no history was changed, removed or left off the list of hashes", () => {
  const texts = new Map(files.map((file) => [file, readHistory(file)]));
  const hashes = readHashes(readFileSync(hashesFile, "utf8"));
  assert.ok(hashes.size > 0);
  assert.deepEqual(changedHistories(hashes, texts), []);
  const [first = "", second = "", third = ""] = files;
  texts.set(first, texts.get(first)?.replace("succeeded", "failed") ?? "");
  texts.delete(second);
  const listed = new Map([...hashes].filter(([name]) => name !== third));
  assert.deepEqual(changedHistories(listed, texts), [
    `${first} was changed`,
    `${second} was removed`,
    `${third} is not in the list`,
  ]);
});

test("an edited history is refused with the reason", () => {
  const text = readHistory("large-v1.jsonl");
  const edits: readonly (readonly [string, RegExp])[] = [
    [text.replace('"type":"run.succeeded"', '"type":"run.cancelled"'), /their SHA-256 differs/],
    [text.slice(0, -100), /their SHA-256 differs/],
    [text.slice(text.indexOf("\n") + 1), /format null, not 1/],
    [text.replace('"format":1', '"format":2'), /format 2, not 1/],
    ["", /Line 1 is no JSON/],
  ];
  for (const [edited, reason] of edits) {
    assert.throws(
      () => parseHistory(edited),
      (error) => error instanceof RunImportError && reason.test(error.message),
    );
  }
});

test("a workflow that gives other bytes than a history has is a mismatch that names the step", async () => {
  const history = parseHistory(readHistory("strict-v1.jsonl"));
  const state = { cents: value<number>(), booked: value(false) };
  const changed = workflow("strict", { version: "1", state })
    .start("book", async ({ cents }, ctx) => ({
      booked: await ctx.io("book", cents, async () => true),
      cents: 1,
    }))
    .end("book");
  await assert.rejects(
    replayHistory(openMemory(), history, { recorded: changed as unknown as Workflow }),
    (error) => error instanceof ReplayMismatchError && /0\.book, in delta\.cents/.test(error.message),
  );
});

test("every type of record event is in a history", () => {
  const found = new Set(
    files.flatMap((file) => parseHistory(readHistory(file)).events.map(({ type }) => type)),
  );
  assert.deepEqual(
    Object.keys(eventTypes).filter((type) => !found.has(type as never)),
    [],
  );
});
