import assert from "node:assert/strict";
import { test } from "node:test";
import { type CacheScope, type ResponseCache, sha256Hex } from "@agentflow/core";

/** A fresh, empty cache for one test, which may hold `sizeMax` characters of ASCII JSON, and little overhead. */
export interface CacheUnderTest {
  readonly cache: ResponseCache;
  readonly sizeMax: number;
  /** Moves the cache's clock on, so that later uses are newer. */
  readonly tick: () => void;
  /** Replaces the stored bytes of an entry, or cuts them short; absent where nobody can. */
  readonly damage?: (scope: CacheScope, key: string, how: "replace" | "cut") => Promise<void>;
  dispose(): Promise<void>;
}

const shared: CacheScope = { kind: "shared", tenant: "default" };
const ofRun = { kind: "run", tenant: "default", runId: "run-1" } as const;
const keyOf = (name: string): string => sha256Hex(name);

type Contract = (promise: string, body: (under: CacheUnderTest) => Promise<void>) => void;

/** The promises of a response cache (RUN-20). */
export function cacheContract(name: string, factory: () => Promise<CacheUnderTest>): void {
  const contract: Contract = (promise, body) => {
    test(`${name}: ${promise}`, async () => {
      const under = await factory();
      try {
        await body(under);
      } finally {
        await under.dispose();
      }
    });
  };
  hitCases(contract);
  limitCases(contract);
}

function hitCases(contract: Contract): void {
  contract("what was put is a hit, everything else is a miss", async ({ cache }) => {
    assert.equal(await cache.get(shared, keyOf("a")), undefined);
    const values = ["null", '{"a":[1]}', '"\\ud800 \u{1f600} \\n"', ""];
    for (const [index, json] of values.entries()) await cache.put(shared, keyOf(`${index}`), json);
    for (const [index, json] of values.entries())
      assert.equal(await cache.get(shared, keyOf(`${index}`)), json);
    assert.equal(await cache.get(shared, keyOf("b")), undefined);
  });

  contract("a later value replaces an earlier one", async ({ cache }) => {
    await cache.put(ofRun, keyOf("a"), "1");
    await cache.put(ofRun, keyOf("a"), "2");
    assert.equal(await cache.get(ofRun, keyOf("a")), "2");
  });

  contract("runs and tenants do not see each other's entries", async ({ cache }) => {
    await cache.put(ofRun, keyOf("a"), "1");
    await cache.put(shared, keyOf("b"), "2");
    const others: CacheScope[] = [{ ...ofRun, runId: "run-2" }, { ...ofRun, runId: "RUN-1" }, shared];
    for (const scope of others) assert.equal(await cache.get(scope, keyOf("a")), undefined);
    for (const tenant of ["other", "", "../default"]) {
      assert.equal(await cache.get({ ...shared, tenant }, keyOf("b")), undefined);
    }
  });

  contract("any text is a key", async ({ cache }) => {
    for (const key of ["", "..", "../../x", "\u0000", "K".repeat(500)]) {
      await cache.put(shared, key, JSON.stringify(key));
    }
    for (const key of ["", "..", "../../x", "\u0000", "K".repeat(500)]) {
      assert.equal(await cache.get(shared, key), JSON.stringify(key));
    }
  });

  contract("puts and gets of one key at the same time give one of the values", async ({ cache }) => {
    const values = Array.from({ length: 20 }, (_, index) => `"value ${index}"`);
    const gets = values.map(async (json) => {
      await cache.put(shared, keyOf("a"), json);
      return cache.get(shared, keyOf("a"));
    });
    for (const json of await Promise.all(gets)) assert.ok(json !== undefined && values.includes(json));
  });
}

function limitCases(contract: Contract): void {
  contract("the least recently used entries go when it is full", async ({ cache, sizeMax, tick }) => {
    const json = JSON.stringify("x".repeat(Math.floor(sizeMax / 5)));
    for (const name of ["a", "b", "c"]) {
      await cache.put(shared, keyOf(name), json);
      tick();
    }
    assert.equal(await cache.get(shared, keyOf("a")), json);
    tick();
    for (const name of ["d", "e"]) {
      await cache.put(shared, keyOf(name), json);
      tick();
    }
    assert.equal(await cache.get(shared, keyOf("a")), json, "used after b");
    assert.equal(await cache.get(shared, keyOf("b")), undefined);
    assert.equal(await cache.get(shared, keyOf("e")), json);
  });

  contract(
    "a value larger than the cache is not kept and drives nothing out",
    async ({ cache, sizeMax, tick }) => {
      await cache.put(shared, keyOf("small"), "1");
      tick();
      await cache.put(shared, keyOf("large"), JSON.stringify("x".repeat(sizeMax * 2)));
      assert.equal(await cache.get(shared, keyOf("large")), undefined);
      assert.equal(await cache.get(shared, keyOf("small")), "1");
    },
  );

  for (const how of ["replace", "cut"] as const) {
    contract(`a damaged entry is a miss and can be put again (${how})`, async ({ cache, damage }) => {
      await cache.put(ofRun, keyOf("a"), '{"long":"value"}');
      if (damage !== undefined) {
        await damage(ofRun, keyOf("a"), how);
        assert.equal(await cache.get(ofRun, keyOf("a")), undefined);
      }
      await cache.put(ofRun, keyOf("a"), "2");
      assert.equal(await cache.get(ofRun, keyOf("a")), "2");
    });
  }
}
