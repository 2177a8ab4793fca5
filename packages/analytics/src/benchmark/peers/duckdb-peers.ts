import { join } from "node:path";
import { loadDataset } from "../../load/load-dataset.ts";
import { sales } from "../../sales/sales-model.ts";
import type { OpenPeer, Peer } from "../peer.ts";
import { StarDatabase } from "../star-database.ts";

async function peerOf(database: StarDatabase): Promise<OpenPeer> {
  return {
    version: await database.version(),
    answer: async (question) => ({ rows: await database.rows(question) }),
    [Symbol.asyncDispose]: async () => database.close(),
  };
}

/** DuckDB over a pattern of paths, with the folders as columns: what one writes without a planner. */
export const globPeer: Peer = {
  name: "DuckDB, naive glob",
  limits: { "revenue-by-region-and-year": 4, "category-by-quarter": 4, "moving-average": 4, ranking: 4 },
  open: async ({ directory, duck }) => peerOf(await StarDatabase.overFiles(directory, "parquet", duck)),
};

/** DuckDB over tables of its own. */
export const tablesPeer: Peer = {
  name: "DuckDB, own tables",
  open: async ({ directory, duck, scratch }) => {
    const path = join(scratch, "tables.duckdb");
    await loadDataset(sales, directory, { ...duck, database: path });
    return peerOf(await StarDatabase.overTables(path, duck));
  },
};
