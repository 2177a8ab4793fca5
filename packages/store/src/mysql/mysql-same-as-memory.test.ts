import { test } from "node:test";
import { temporaryDatabase } from "../../../../tests/mysql-database.ts";
import { service } from "../../../../tests/services.ts";
import { assertSameAsMemory } from "../same-as-memory.fixture.ts";
import { openMysql } from "./open-mysql.ts";

const tables = "origins runs definitions steps journal attempts marks snapshots blobs".split(" ");

test(
  "whatever happens, MySQL gives the results and holds the rows that memory does",
  await service("mariadb"),
  async (context) => {
    const database = await temporaryDatabase();
    context.after(() => database.drop());
    await assertSameAsMemory({
      async open(round) {
        if (round > 1) await database.execute(...tables.map((name) => `DELETE FROM af_${name}`));
        return openMysql({ url: database.url });
      },
      rounds: 80,
    });
  },
);
