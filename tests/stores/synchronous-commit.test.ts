import assert from "node:assert/strict";
import { test } from "node:test";
import { startCommit, stepCommit } from "@agentflow/contracts";
import type { Durability } from "@agentflow/core";
import { openPostgres } from "@agentflow/store";
import pg from "pg";
import { temporarySchema } from "../postgres-schema.ts";
import { service } from "../services.ts";

// Notes, when a transaction ends, whether it waits for its sync: the deferred trigger fires at the commit itself.
const noteSyncs = `
  CREATE TABLE noted (what text, id text, sync text);
  CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO noted SELECT TG_TABLE_NAME, run_id, current_setting('synchronous_commit')
      FROM af_origins WHERE rid = NEW.rid;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER noted AFTER INSERT OR UPDATE ON af_runs DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note();
  CREATE CONSTRAINT TRIGGER noted AFTER INSERT ON af_inbox DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note();`;

const needed = await service("postgres");

for (const own of ["normal", "strict"] as const) {
  test(
    `transactions wait for their sync as each asks for in a PostgreSQL store opened as ${own} (S5)`,
    needed,
    async (context) => {
      // Its URL switches synchronous_commit off.
      const schema = await temporarySchema();
      context.after(() => schema.drop());
      const backend = await openPostgres({ url: schema.url, durability: own });
      context.after(() => backend.runs.close());
      await schema.execute(noteSyncs);
      const reader = new pg.Client({ connectionString: schema.url });
      await reader.connect();
      context.after(() => reader.end());
      const noted = async () => {
        const { rows } = await reader.query("DELETE FROM noted RETURNING what, id, sync");
        return rows.map(({ what, id, sync }) => `${what} ${id} ${sync}`).sort();
      };
      const unasked = own === "strict" ? "on" : "off";
      const levels: readonly (readonly [Durability, string])[] = [
        ["normal", unasked],
        ["strict", "on"],
        ["batched", "on"],
      ];
      for (const [runId, sync] of levels) {
        const durability = runId;
        await backend.runs.commit([{ ...startCommit({ runId }), durability }]);
        await backend.runs.commit([{ ...stepCommit(2, { runId }), durability }]);
        assert.deepEqual(await noted(), [`af_runs ${runId} ${sync}`, `af_runs ${runId} ${sync}`]);
        const step = { ...stepCommit(3, { runId }), durability };
        await backend.runs.transact(
          async () => null,
          () => step,
          durability,
        );
        assert.deepEqual(await noted(), [`af_runs ${runId} ${sync}`]);
        const row = { kind: "event", key: "go", value: "1", by: undefined, at: 1 } as const;
        await backend.inbox.put({ tenant: "default", runId, row, durability });
        // Whatever else the row's transaction writes, it waits as the run asks for.
        const written = await noted();
        assert.ok(written.includes(`af_inbox ${runId} ${sync}`), written.join(", "));
        for (const line of written) assert.match(line, new RegExp(` ${sync}$`));
      }
      await backend.runs.commit([startCommit({ runId: "own" })]);
      assert.deepEqual(await noted(), [`af_runs own ${unasked}`]);
      await backend.runs.commit([
        { ...stepCommit(4, { runId: "normal" }), durability: "normal" },
        { ...stepCommit(4, { runId: "strict" }), durability: "strict" },
        startCommit({ runId: "other" }),
      ]);
      assert.deepEqual(await noted(), ["af_runs normal on", "af_runs other on", "af_runs strict on"]);
    },
  );
}
