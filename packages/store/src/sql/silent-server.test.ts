import assert from "node:assert/strict";
import { test } from "node:test";
import { startCommit, stepCommit } from "@agentflow/contracts";
import type { StoreBackend } from "@agentflow/core";
import { service } from "../../../../tests/services.ts";
import { temporaryPlace } from "../../../../tests/store-place.ts";
import { openMysql } from "../mysql/open-mysql.ts";
import { openPostgres } from "../postgres/open-postgres.ts";
import { lossyProxy } from "./lossy-proxy.fixture.ts";

const unansweredMaxMs = 500;

const servers = [
  {
    store: "postgres",
    port: 5432,
    needed: await service("postgres"),
    open: (url: string): Promise<StoreBackend> => openPostgres({ url, unansweredMaxMs }),
  },
  {
    store: "mysql",
    port: 3306,
    needed: await service("mariadb"),
    open: (url: string): Promise<StoreBackend> => openMysql({ url, unansweredMaxMs }),
  },
] as const;

for (const { store, port, needed, open } of servers) {
  test(
    `a connection over which nothing comes back any more is given up, and what was sent is stored once (${store})`,
    needed,
    async (context) => {
      const place = await temporaryPlace(store, "");
      context.after(() => place.drop());
      const proxy = await lossyProxy(context, port);
      const backend = await open(place.url.replace(`:${port}`, `:${proxy.port}`));
      context.after(() => backend.runs.close());
      await backend.runs.commit([startCommit()]);
      await backend.runs.commit([stepCommit(2)]);
      for (const seq of [3, 4, 5]) {
        proxy.fallSilent();
        const [result] = await backend.runs.commit([stepCommit(seq)]);
        assert.ok(result?.kind === "committed" || result?.kind === "duplicate", result?.kind);
      }
      proxy.fallSilent();
      const run = { tenant: "default", runId: "run-1", scope: "", from: "start" } as const;
      assert.deepEqual(
        (await backend.runs.readScope(run)).steps.map(({ seq }) => seq),
        [2, 3, 4, 5],
      );
    },
  );
}
