import assert from "node:assert/strict";
import { test } from "node:test";
import { type EngineOptions, openBackend, withConnectionsMax } from "@agentflow/runtime";
import { service } from "../services.ts";
import { rowsIn, temporaryPlace } from "../store-place.ts";

const kinds = {
  postgres:
    "SELECT count(*) AS found FROM pg_stat_activity WHERE application_name = current_setting('application_name')",
  mysql: "SELECT count(*) AS found FROM information_schema.processlist WHERE db = DATABASE()",
} as const;

for (const store of ["postgres", "mysql"] as const) {
  test(
    `a process opens as many connections to ${store} as it may, and no more`,
    await service(store === "mysql" ? "mariadb" : store),
    async (context) => {
      const place = await temporaryPlace(store, "");
      context.after(() => place.drop());
      const opened = async (options: EngineOptions): Promise<number> => {
        const backend = await openBackend({ store: place.url, ...options });
        try {
          const head = () => backend.runs.readHead("default", "none");
          await Promise.all(Array.from({ length: 200 }, head));
          const [row] = await rowsIn(place, kinds[store]);
          // Whoever counts is a session of the same database.
          return Number(row?.found) - 1;
        } finally {
          await backend.runs.close();
        }
      };
      assert.equal(await opened(withConnectionsMax(3)), 3);
      assert.equal(await opened({}), 10);
    },
  );
}
