import { test } from "node:test";
import { temporarySchema } from "../../../../tests/postgres-schema.ts";
import { service } from "../../../../tests/services.ts";
import { assertSameAsMemory } from "../same-as-memory.fixture.ts";
import { openPostgres } from "./open-postgres.ts";

const tables =
  "af_origins, af_runs, af_definitions, af_steps, af_journal, af_attempts, af_marks, af_snapshots, af_blobs";

test(
  "whatever happens, PostgreSQL gives the results and holds the rows that memory does",
  await service("postgres"),
  async (context) => {
    const schema = await temporarySchema();
    context.after(() => schema.drop());
    await assertSameAsMemory({
      async open(round) {
        if (round > 1) await schema.execute(`TRUNCATE ${tables}`);
        return openPostgres({ url: schema.url });
      },
      rounds: 80,
    });
  },
);
