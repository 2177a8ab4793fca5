import { join } from "node:path";
import { Session } from "chdb";
import { benchmarkQuestions, type Row } from "../../../packages/analytics/src/index.ts";
import type { OpenSystem } from "../peer-system.ts";

const tables = ["sales_fact", "dim_time", "dim_geography", "dim_product"];

/** ClickHouse in this process, over a pattern of paths with the folders as columns. */
export const openSystem: OpenSystem = async (directory, scratch) => {
  const session = new Session(join(scratch, "session"));
  for (const table of tables) {
    const pattern = join(directory, "parquet", table, "**", "*.parquet").replaceAll("'", "\\'");
    session.query(`CREATE VIEW ${table} AS SELECT * FROM file('${pattern}', Parquet)`);
  }
  return {
    version: session.query("SELECT version()").trim().replaceAll('"', ""),
    answer: async (id) => {
      const question = benchmarkQuestions.find((each) => each.id === id);
      if (question === undefined) throw new Error(`There is no question ${id}.`);
      const answer = await session.queryAsync(question.sql(""), { format: "JSONEachRow" });
      const lines = answer.text().split("\n");
      return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Row);
    },
  };
};
