import type { Suite, SuiteName } from "../suite.ts";
import { aggregations } from "./aggregations.ts";
import { concurrency } from "./concurrency.ts";
import { partitions } from "./partitions.ts";
import { peers } from "./peers.ts";
import { scaling } from "./scaling.ts";
import { storage } from "./storage.ts";
import { windows } from "./windows.ts";

/** The suites by name. */
export const suites: Readonly<Record<SuiteName, Suite>> = {
  aggregations,
  windows,
  storage,
  scaling,
  concurrency,
  partitions,
  peers,
};
