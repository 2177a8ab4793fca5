import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError } from "@agentflow/core";
import { loadDriver } from "./load-driver.ts";

test("a driver that is missing is told with the command that installs it", async () => {
  const missing = "a-driver-that-nobody-installed";
  await assert.rejects(
    loadDriver("pg", () => import(missing)),
    (error) => error instanceof ConfigError && error.hint === "Install it: npm install pg",
  );
});

test("a driver that is there is loaded once asked for", async () => {
  assert.equal(await loadDriver("any", async () => "driver"), "driver");
});
