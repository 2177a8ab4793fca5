import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";
import { prepareReissue } from "../floor/reissue.ts";
import type { StatementLog } from "../floor/statement-log.ts";
import type { System } from "./system.ts";

/**
 * The floor of the engine: its own statements and bytes for one workload on one store, recorded before and issued
 * again by a bare loop in the same order and groups. `logPath` is the recorded log; it fits the workload it was
 * recorded for only. Opening
 * issues what came before, the same work among it.
 */
export function floor(logPath: string): System {
  return {
    opensWarm: true,
    async open(directory) {
      const log = deserialize(readFileSync(logPath)) as StatementLog;
      const { measured, close } = await prepareReissue(log, directory);
      return { run: measured, close };
    },
  };
}
