import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ConfigError } from "@agentflow/core";
import { type ConfigurationSources, loadConfiguration } from "./load-configuration.ts";

const folders: string[] = [];

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-configuration-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

async function sourceOf(key: string, sources: ConfigurationSources): Promise<[unknown, string]> {
  const configuration = await loadConfiguration(sources);
  const found = configuration.values.find((each) => each.key === key);
  return [found?.value, found?.source ?? "missing"];
}

function refused(sources: ConfigurationSources, words: RegExp): Promise<void> {
  return assert.rejects(loadConfiguration(sources), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, words);
    return true;
  });
}

test("a flag beats a variable, a variable beats the file, the file beats the default", async () => {
  const directory = folderWith({ "agentflow.config.json": '{"maxSteps": 3}' });
  const environment = { AF_MAX_STEPS: "2" };
  assert.deepEqual(await sourceOf("maxSteps", { directory, environment, flags: { maxSteps: "1" } }), [
    1,
    "flag",
  ]);
  assert.deepEqual(await sourceOf("maxSteps", { directory, environment }), [2, "environment"]);
  assert.deepEqual(await sourceOf("maxSteps", { directory }), [3, "file"]);
  assert.deepEqual(await sourceOf("maxSteps", { directory: folderWith({}) }), [1_000_000, "default"]);
});

test("an empty variable counts as not set", async () => {
  const directory = folderWith({});
  assert.deepEqual(await sourceOf("tenant", { directory, environment: { AF_TENANT: "" } }), [
    "default",
    "default",
  ]);
});

test("TypeScript, YAML and JSON files say the same", async () => {
  const files = {
    "agentflow.config.ts": 'export const config: { tenant: string } = { tenant: "acme" };\n',
    "agentflow.config.yaml": "tenant: acme\n",
    "agentflow.config.json": '{ "tenant": "acme" }\n',
  };
  for (const [name, content] of Object.entries(files)) {
    const directory = folderWith({ [name]: content });
    assert.deepEqual(await sourceOf("tenant", { directory }), ["acme", "file"], name);
  }
  assert.deepEqual(await sourceOf("tenant", { directory: folderWith({ "agentflow.config.yaml": "" }) }), [
    "default",
    "default",
  ]);
});

test("runsDirectory off gives an engine that writes none", async () => {
  const directory = folderWith({});
  const off = await loadConfiguration({ directory, environment: { AF_RUNS_DIRECTORY: "off" } });
  assert.equal(off.options.runsDirectory, undefined);
  const on = await loadConfiguration({ directory });
  assert.equal(on.options.runsDirectory, "runs");
});

test("a limit that nobody set is shown, but does not win over what a workflow declares", async () => {
  const directory = folderWith({});
  const unset = await loadConfiguration({ directory });
  assert.equal(unset.values.find((each) => each.key === "maxConcurrent")?.value, 16);
  assert.deepEqual(Object.keys(unset.options).sort(), [
    "artifactsDirectory",
    "cacheDirectory",
    "durability",
    "retention",
    "runsDirectory",
    "store",
    "tenant",
  ]);
  const set = await loadConfiguration({ directory, flags: { maxConcurrent: "3" } });
  assert.equal(set.options.maxConcurrent, 3);
});

test("the settings of retention make one option of the engine", async () => {
  const directory = folderWith({});
  const unset = await loadConfiguration({ directory });
  assert.deepEqual(unset.options.retention, { background: true, keepCacheDays: 30, removeUnexported: false });
  const set = await loadConfiguration({
    directory,
    environment: {
      AF_RETENTION: "off",
      AF_KEEP_RUNS_DAYS: "30",
      AF_KEEP_NEWEST_RUNS: "100",
      AF_KEEP_HISTORY_DAYS: "7",
      AF_REMOVED_STATUSES: "succeeded, cancelled",
      AF_REMOVE_UNEXPORTED: "yes",
    },
  });
  assert.deepEqual(set.options.retention, {
    background: false,
    keepRunsDays: 30,
    keepNewestRuns: 100,
    keepHistoryDays: 7,
    keepCacheDays: 30,
    removedStatuses: ["succeeded", "cancelled"],
    removeUnexported: true,
  });
});

test("a bad value names the key, where it came from and what it must be", async () => {
  const directory = folderWith({});
  await refused(
    { directory, environment: { AF_MAX_CONCURRENT: "0" } },
    /maxConcurrent from AF_MAX_CONCURRENT is "0".*at least 1/,
  );
  await refused({ directory, environment: { AF_MAX_STEPS: "1e3" } }, /maxSteps from AF_MAX_STEPS/);
  await refused({ directory, flags: { durability: "sure" } }, /command line.*strict, normal, batched/);
  await refused(
    { directory: folderWith({ "agentflow.config.json": '{"tenant": 3}' }) },
    /tenant from .*config\.json/,
  );
});

test("a file that is broken, of another shape, of unknown keys or not alone is refused", async () => {
  await refused({ directory: folderWith({ "agentflow.config.json": "{" }) }, /cannot be read/);
  await refused({ directory: folderWith({ "agentflow.config.yaml": "- a\n" }) }, /no object/);
  await refused(
    { directory: folderWith({ "agentflow.config.ts": "export const other = 1;\n" }) },
    /no object/,
  );
  await refused(
    { directory: folderWith({ "agentflow.config.json": '{"maxstep": 3}' }) },
    /maxstep, which does not exist/,
  );
  const both = { "agentflow.config.json": "{}", "agentflow.config.yaml": "" };
  await refused({ directory: folderWith(both) }, /agentflow\.config\.yaml and agentflow\.config\.json/);
  const directory = folderWith({});
  await refused({ directory, file: join(directory, "gone.json") }, /gone\.json cannot be read/);
  await refused({ directory, file: join(directory, "other.toml") }, /no TypeScript, YAML or JSON/);
});
