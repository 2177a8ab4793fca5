import { hostname } from "node:os";
import { type Host, invariant } from "@agentflow/core";
import { monotonicFactory } from "ulid";
import { processStart } from "./process-start.ts";

/** This machine and process. Ids are ULIDs that grow within the process, also within one millisecond. */
export function systemHost(): Host {
  const started = processStart(process.pid);
  invariant(started !== undefined, "a running process has a start");
  const nextId = monotonicFactory();
  return {
    name: hostname(),
    pid: process.pid,
    processStart: started,
    isAlive: (pid, start) => processStart(pid) === start,
    newId: () => nextId(),
  };
}
