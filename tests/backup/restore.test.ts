import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  BackupInvalidError,
  canonicalJson,
  FencedError,
  StoreCorruptError,
  StoreInUseError,
  StoreNotEmptyError,
  sha256Hex,
} from "@agentflow/core";
import { backupStore, createEngine, openBackend, restoreStore } from "agentflow";
import { nextCommit, startCommit } from "../../packages/contracts/src/index.ts";
import { temporaryFolder } from "../cli/spawn-af.ts";
import { service } from "../services.ts";
import { storeNames, type TemporaryPlace, temporaryPlace } from "../store-place.ts";
import { closedGate, loadedWorkflow } from "./loaded-workflow.ts";

const services = { sqlite: undefined, postgres: "postgres", mysql: "mariadb" } as const;

for (const store of storeNames) {
  const name = services[store];
  const needed = name === undefined ? { skip: false } : await service(name);
  /** A place, and options of an engine in it whose artifacts are its own. */
  const place = async (context: TestContext) => {
    const folder = temporaryFolder(context);
    const made: TemporaryPlace = await temporaryPlace(store, folder);
    context.after(() => made.drop());
    const artifactsDirectory = join(folder, "artifacts");
    const options = { store: made.url, artifactsDirectory, cacheDirectory: join(folder, "cache") };
    return { made, options, backup: join(folder, "backup"), folder };
  };

  test(
    `a backup of ${store} made under load holds one state: each run in it goes on and replays strictly`,
    needed,
    async (context) => {
      const { options, backup } = await place(context);
      const { options: restored } = await place(context);
      const gate = closedGate();
      const workflow = loadedWorkflow(gate);
      await using engine = await createEngine(options);
      const held = await Promise.all(
        Array.from({ length: 12 }, (_, n) => engine.start(workflow, { n, held: true }, { id: `held-${n}` })),
      );
      let isLoaded = true;
      const load = (async () => {
        for (let n = 0; isLoaded; n++) {
          const runs = [0, 1, 2, 3].map((part) =>
            engine.start(workflow, { n: n + part, held: false }, { id: `free-${n}-${part}` }),
          );
          for (const run of await Promise.all(runs)) await run.result();
        }
      })();
      const report = await backupStore(options, { directory: backup });
      isLoaded = false;
      gate.open();
      await load;
      for (const run of held) await run.result();

      await restoreStore(restored, { directory: backup });
      await using other = await createEngine(restored);
      const backend = await openBackend(restored);
      const heads = await backend.runs.listRuns({ tenant: "default", limit: 1_000 });
      await backend.runs.close();
      assert.equal(heads.length, report.manifest.tables["af_runs"]);
      const unfinished = heads.filter(({ status }) => status === "running");
      assert.ok(unfinished.length > 0 && heads.some(({ runId }) => runId.startsWith("held")));
      for (const { runId } of unfinished) {
        const run = await other.resume(runId, workflow);
        assert.match((await run.result()).note, /^note-/);
      }
      for (const { runId } of heads) {
        assert.equal((await other.inspect(runId)).status, "succeeded", runId);
        assert.equal((await other.replay(runId, workflow)).matches, true, runId);
      }
    },
  );

  test(
    `a dropped table of ${store} is recovered, and what the store held is replaced only when told`,
    needed,
    async (context) => {
      const { made, options, backup } = await place(context);
      const workflow = loadedWorkflow(closedGate());
      const start = async (runId: string) => {
        await using engine = await createEngine(options);
        return await (await engine.start(workflow, { n: 1, held: false }, { id: runId })).result();
      };
      const before = await start("before");
      await backupStore(options, { directory: backup });
      await start("after");
      await assert.rejects(restoreStore(options, { directory: backup }), StoreNotEmptyError);
      await made.rows("DROP TABLE af_steps");
      // A copy without the table would be no way back.
      await assert.rejects(
        backupStore(options, { directory: `${backup}-2` }),
        (error) => error instanceof StoreCorruptError && error.message.includes("af_steps"),
      );
      assert.equal(existsSync(`${backup}-2`), false);
      await assert.rejects(restoreStore(options, { directory: backup }), StoreNotEmptyError);
      await restoreStore(options, { directory: backup, force: true });
      await using engine = await createEngine(options);
      assert.deepEqual((await engine.inspect("before")).state, before);
      assert.equal((await engine.replay("before", workflow)).matches, true);
      await assert.rejects(engine.inspect("after"));
    },
  );

  test(
    `a backup of ${store} that is cut off or changed anywhere is refused and changes nothing`,
    needed,
    async (context) => {
      const { made, options, backup } = await place(context);
      const { options: empty } = await place(context);
      const workflow = loadedWorkflow(closedGate());
      {
        await using engine = await createEngine(options);
        await (await engine.start(workflow, { n: 1, held: false }, { id: "r" })).result();
      }
      const { files } = (await backupStore(options, { directory: backup })).manifest;
      const [database = "", artifact = ""] = files.map(({ path }) => path);
      const before = await made.rows("SELECT * FROM af_runs");
      const damages: readonly (readonly [string, (path: string) => void])[] = [
        ...[database, artifact, "manifest.json"].flatMap((file) => [
          [file, flipMiddle] as const,
          [file, cutOff] as const,
          [file, rmSync] as const,
        ]),
        ["manifest.json", (path) => writeFileSync(path, "[]")],
        [
          "manifest.json",
          (path) => writeFileSync(path, readFileSync(path, "utf8").replace('"af_runs": 1', '"af_runs": 9')),
        ],
      ];
      for (const [file, damage] of damages) {
        const path = join(backup, file);
        const whole = readFileSync(path);
        damage(path);
        for (const target of [options, empty])
          await assert.rejects(restoreStore(target, { directory: backup, force: true }), BackupInvalidError);
        writeFileSync(path, whole);
      }
      assert.deepEqual(await made.rows("SELECT * FROM af_runs"), before);
      assert.equal(existsSync(empty.artifactsDirectory), false);
      await restoreStore(empty, { directory: backup });
    },
  );

  test(
    `a backup for ${store} without the rows that its manifest tells changes nothing`,
    needed,
    async (context) => {
      const { options, backup } = await place(context);
      const workflow = loadedWorkflow(closedGate());
      const start = async (runId: string) => {
        await using engine = await createEngine(options);
        await (await engine.start(workflow, { n: 1, held: false }, { id: runId })).result();
      };
      await start("before");
      await backupStore(options, { directory: backup });
      await start("after");
      const path = join(backup, "manifest.json");
      const { sha256, ...manifest } = JSON.parse(readFileSync(path, "utf8"));
      const other = { ...manifest, tables: { ...manifest.tables, af_steps: 1 } };
      writeFileSync(path, JSON.stringify({ ...other, sha256: sha256Hex(canonicalJson(other)) }));
      await assert.rejects(restoreStore(options, { directory: backup, force: true }), /af_steps/);
      await using engine = await createEngine(options);
      for (const runId of ["before", "after"])
        assert.equal((await engine.replay(runId, workflow)).matches, true, runId);
    },
  );

  test(
    `a store on ${store} that a living process uses is not replaced, unless told; then that process is fenced`,
    needed,
    async (context) => {
      const { options, backup } = await place(context);
      const gate = closedGate();
      const workflow = loadedWorkflow(gate);
      const engine = await createEngine(options);
      const run = await engine.start(workflow, { n: 1, held: true }, { id: "r" });
      await gate.reached;
      await backupStore(options, { directory: backup });
      await assert.rejects(restoreStore(options, { directory: backup }), StoreInUseError);
      await restoreStore(options, { directory: backup, force: true });
      gate.open();
      await assert.rejects(run.result(), FencedError);
      await engine.close();
      await using next = await createEngine(options);
      const resumed = await next.resume("r", workflow);
      assert.equal((await resumed.result()).note, "note-1.txt");
      assert.equal((await next.replay("r", workflow)).matches, true);
    },
  );

  test(
    `after a restore on ${store} nothing from before it commits: neither under an epoch given since nor as another run`,
    needed,
    async (context) => {
      const { options, backup } = await place(context);
      const old = await openBackend(options);
      const commit = async (...members: Parameters<typeof old.runs.commit>[0]) =>
        (await old.runs.commit(members)).map(({ kind }) => kind);
      await commit(startCommit({ runId: "kept" }, { owner: "old" }));
      await backupStore(options, { directory: backup });
      // What the restore takes away: a takeover, a commit under it, and a run.
      const take = { tenant: "default", runId: "kept", expectedEpoch: 1, recovery: 0 } as const;
      await old.owners.takeRun({ ...take, expectedOwner: "old", ownerId: "older" });
      const underTwo = (seq: number) =>
        nextCommit(seq, { runId: "kept", progress: { epoch: 2, status: "running" } });
      assert.deepEqual(await commit(underTwo(2), startCommit({ runId: "lost" }, { owner: "old" })), [
        "committed",
        "committed",
      ]);

      await restoreStore(options, { directory: backup, force: true });
      const next = await openBackend(options);
      const head = await next.runs.readHead("default", "kept");
      assert.deepEqual([head?.seq, head?.owner], [1, undefined]);
      assert.ok((head?.epoch ?? 0) > 1_000);
      const taken = await next.owners.takeRun({
        ...take,
        expectedEpoch: head?.epoch ?? 0,
        expectedOwner: undefined,
        ownerId: "new",
      });
      const epoch = taken?.epoch ?? 0;
      const newer = nextCommit(2, { runId: "kept", progress: { epoch, status: "running" } });
      await next.runs.commit([newer, startCommit({ runId: "young" }, { owner: "new" })]);
      // The old process goes on where it was: the same seq, its own epoch; and a run whose number is free again.
      const lost = nextCommit(2, { runId: "lost", progress: { status: "running" } });
      const [kept, gone] = await commit(underTwo(3), lost);
      assert.equal(kept, "fenced");
      assert.notEqual(gone, "committed");
      assert.equal((await next.runs.readHead("default", "kept"))?.seq, 2);
      assert.equal((await next.runs.readHead("default", "young"))?.seq, 1);
      await next.runs.close();
      await old.runs.close();
    },
  );

  test(
    `artifacts of ${store} are in the backup, come back, and a damaged one is left out and named`,
    needed,
    async (context) => {
      const { options, backup } = await place(context);
      const { options: restored } = await place(context);
      const workflow = loadedWorkflow(closedGate());
      {
        await using engine = await createEngine(options);
        await (await engine.start(workflow, { n: 7, held: false }, { id: "r" })).result();
      }
      const report = await backupStore(options, { directory: backup });
      assert.equal(report.manifest.files.length, 2);
      assert.equal((await restoreStore(restored, { directory: backup })).artifactsAdded, 1);
      assert.ok(existsSync(restored.artifactsDirectory));
      await using engine = await createEngine({
        ...restored,
        runsDirectory: join(restored.artifactsDirectory, "../runs"),
      });
      assert.equal((await engine.replay("r", workflow)).matches, true);
      assert.equal((await restoreStore(restored, { directory: backup, force: true })).artifactsAdded, 0);
      await engine.close();
      const [, artifact] = report.manifest.files;
      const content = join(options.artifactsDirectory, artifact?.path.slice("artifacts/".length) ?? "");
      writeFileSync(content, "something else");
      const damaged = await backupStore(options, { directory: `${backup}-2` });
      assert.deepEqual(damaged.damaged, [content]);
      assert.equal(damaged.manifest.files.length, 1);
    },
  );
}

function flipMiddle(path: string): void {
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  writeFileSync(path, bytes);
}

function cutOff(path: string): void {
  truncateSync(path, readFileSync(path).length - 2);
}
