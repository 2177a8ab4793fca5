import { clockJumps } from "./clock-jumps.ts";
import { contention } from "./contention.ts";
import { diskFull } from "./disk-full.ts";
import { failingDisk } from "./failing-disk.ts";
import type { Fault } from "./fault.ts";
import { kill } from "./kill.ts";
import { lostWrites } from "./lost-writes.ts";
import { poolExhausted } from "./pool-exhausted.ts";
import { powerLoss } from "./power-loss.ts";
import { serverRestart } from "./server-restart.ts";
import { slowDisk } from "./slow-disk.ts";
import { twoEngines } from "./two-engines.ts";

/** Every fault that `npm run faults` knows, in the order in which it lists them. */
export const faults: readonly Fault[] = [
  kill,
  serverRestart,
  twoEngines,
  clockJumps,
  contention,
  poolExhausted,
  slowDisk,
  failingDisk,
  diskFull,
  lostWrites,
  powerLoss,
];
