import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ConfigError, ModelError } from "@agentflow/core";
import { mockProvider } from "@agentflow/models";
import { loadConfiguration } from "./configuration/load-configuration.ts";
import { gatewayOptionsOf } from "./configuration/model-settings.ts";
import { createModelGateway } from "./create-model-gateway.ts";

const asking = { model: "local", messages: [{ role: "user", text: "The lamp burns." }] } as const;

async function optionsOf(environment: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), "af-models-"));
  try {
    return await loadConfiguration({ environment, directory });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("the settings of model calls become options of a gateway, and none of an engine", async () => {
  const { values, options } = await optionsOf({
    PROVIDER_TIMEOUT_S: "7",
    MAX_RETRIES: "0",
    CB_THRESHOLD: "9",
    CB_COOLDOWN_S: "11",
    AF_MODEL_HOSTS: "models.corp.example, 10.0.0.7:8000",
  });
  assert.deepEqual(gatewayOptionsOf(values), {
    enabled: true,
    timeouts: { callMs: 7_000, connectMs: 7_000, idleMs: 7_000 },
    retriesMax: 0,
    breaker: { threshold: 9, cooldownMs: 11_000 },
    residency: { hosts: ["models.corp.example", "10.0.0.7:8000"] },
  });
  assert.ok(!("models" in options) && !("modelRetriesMax" in options));
});

test("without settings a call has a minute, two retries, and may go anywhere", async () => {
  assert.deepEqual(gatewayOptionsOf((await optionsOf({})).values), {
    enabled: true,
    timeouts: { callMs: 60_000, connectMs: 60_000, idleMs: 60_000 },
    retriesMax: 2,
    breaker: { threshold: 5, cooldownMs: 30_000 },
  });
});

test("AF_MODELS=off refuses calls, an option wins over it, and a setting that is not valid is named", async () => {
  const off = await createModelGateway({}, { AF_MODELS: "off" });
  await assert.rejects(
    off.complete(asking),
    (error) => error instanceof ModelError && error.code === "AF_MODEL_DISABLED",
  );
  const on = await createModelGateway({ enabled: true }, { AF_MODELS: "off" });
  assert.equal((await on.complete(asking)).text, "The lamp burns.");
  await assert.rejects(
    createModelGateway({}, { CB_THRESHOLD: "many" }),
    (error) => error instanceof ConfigError && error.message.includes("CB_THRESHOLD"),
  );
});

test("the gateway runs on the clock of this machine", async () => {
  let tries = 0;
  const flaky = mockProvider(() => (tries++ === 0 ? new ModelError("AF_MODEL_PROVIDER", "flaky") : "fine"));
  const gateway = await createModelGateway({ providers: [flaky], backoffMs: 1 }, {});
  assert.equal((await gateway.complete({ ...asking, model: "mock:m" })).text, "fine");
});
