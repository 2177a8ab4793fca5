import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize } from "node:v8";
import { prepareReissue } from "../floor/reissue.ts";
import type { StatementLog } from "../floor/statement-log.ts";
import type { System } from "./system.ts";

/**
 * The floor of the engine: its own statements and bytes for one workload, recorded before and issued again by a bare
 * loop in the same order and groups. `logPath` is the recorded log; it fits the workload it was recorded for only.
 */
export function floor(logPath: string, synchronous: "NORMAL" | "FULL"): System {
  return {
    supports: (workload) => workload.kind !== "chain",
    open: async (directory) => {
      const log = deserialize(readFileSync(logPath)) as StatementLog;
      const reissue = prepareReissue(log, join(directory, "floor.db"), synchronous);
      return { run: async () => reissue.measured(), close: async () => reissue.close() };
    },
  };
}
