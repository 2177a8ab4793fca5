import assert from "node:assert/strict";
import { test } from "node:test";
import { ArtifactNotFoundError, type ArtifactStore, sha256Hex } from "@agentflow/core";

/** A fresh, empty artifact store for one test. */
export interface ArtifactsUnderTest {
  readonly artifacts: ArtifactStore;
  /** The same contents opened again; absent where nothing survives. */
  readonly reopen?: () => Promise<ArtifactStore>;
  /** Changes the stored bytes of a content behind the store's back; absent where nobody can. */
  readonly damage?: (tenant: string, sha256: string) => Promise<void>;
  dispose(): Promise<void>;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The promises of an artifact store (RUN-30). */
export function artifactContract(name: string, factory: () => Promise<ArtifactsUnderTest>): void {
  const contract = (promise: string, body: (under: ArtifactsUnderTest) => Promise<void>): void => {
    test(`${name}: ${promise}`, async () => {
      const under = await factory();
      try {
        await body(under);
      } finally {
        await under.dispose();
      }
    });
  };
  basicCases(contract);
  hardCases(contract);
}

type Contract = (promise: string, body: (under: ArtifactsUnderTest) => Promise<void>) => void;

function basicCases(contract: Contract): void {
  contract("content is stored under its SHA-256 and comes back as it was", async ({ artifacts }) => {
    for (const bytes of [bytesOf("report"), new Uint8Array(), new Uint8Array(1_000_000).fill(7)]) {
      const stored = await artifacts.put("default", bytes);
      assert.deepEqual(stored, { sha256: sha256Hex(bytes), sizeBytes: bytes.length });
      assert.deepEqual(Uint8Array.from(await artifacts.get("default", stored.sha256)), bytes);
      assert.equal(await artifacts.has("default", stored.sha256), true);
    }
  });

  contract("what was never stored is not there", async ({ artifacts }) => {
    const sha256 = sha256Hex("never");
    assert.equal(await artifacts.has("default", sha256), false);
    await assert.rejects(artifacts.get("default", sha256), ArtifactNotFoundError);
  });

  contract("a text that is no hash names nothing, wherever it might lead", async ({ artifacts }) => {
    for (const text of ["", "..", "../../etc/passwd", "ab", "\u0000", "A".repeat(64)]) {
      assert.equal(await artifacts.has("default", text), false);
      await assert.rejects(artifacts.get("default", text), ArtifactNotFoundError);
    }
  });

  contract("tenants do not see each other's contents", async ({ artifacts }) => {
    const { sha256 } = await artifacts.put("one", bytesOf("secret"));
    for (const tenant of ["two", "ONE", "one/", "../one", ""]) {
      assert.equal(await artifacts.has(tenant, sha256), false, tenant);
    }
  });
}

function hardCases(contract: Contract): void {
  contract("storing a content again, also at the same time, changes nothing", async ({ artifacts }) => {
    const bytes = bytesOf("same");
    const results = await Promise.all(Array.from({ length: 10 }, () => artifacts.put("default", bytes)));
    assert.equal(new Set(results.map(({ sha256 }) => sha256)).size, 1);
    assert.deepEqual(Uint8Array.from(await artifacts.get("default", sha256Hex(bytes))), bytes);
  });

  contract("stored bytes do not change with the array they came from", async ({ artifacts }) => {
    const bytes = bytesOf("before");
    const { sha256 } = await artifacts.put("default", bytes);
    bytes.fill(0);
    const first = await artifacts.get("default", sha256);
    assert.deepEqual(Uint8Array.from(first), bytesOf("before"));
    first.fill(0);
    assert.deepEqual(Uint8Array.from(await artifacts.get("default", sha256)), bytesOf("before"));
  });

  contract("contents survive closing where the store survives", async ({ artifacts, reopen }) => {
    const { sha256 } = await artifacts.put("default", bytesOf("kept"));
    const again = (await reopen?.()) ?? artifacts;
    assert.deepEqual(Uint8Array.from(await again.get("default", sha256)), bytesOf("kept"));
  });

  contract(
    "damaged content is not given out, and storing it again mends it",
    async ({ artifacts, damage }) => {
      const { sha256 } = await artifacts.put("default", bytesOf("whole"));
      if (damage !== undefined) {
        await damage("default", sha256);
        assert.equal(await artifacts.has("default", sha256), false);
        await assert.rejects(artifacts.get("default", sha256), ArtifactNotFoundError);
      }
      await artifacts.put("default", bytesOf("whole"));
      assert.deepEqual(Uint8Array.from(await artifacts.get("default", sha256)), bytesOf("whole"));
    },
  );
}
