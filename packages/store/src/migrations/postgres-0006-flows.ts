import type { Migration } from "./migration.ts";

/** Rows of flows by event: this store has an index over the events of each run from its beginning. */
export const postgresFlows: Migration = { version: 6, name: "flows", up: [], down: [] };
