import { parentPort, workerData } from "node:worker_threads";
import { invariant } from "@agentflow/core";
import { LogDoubt } from "./log-doubt.ts";
import type { MaintenanceReply, MaintenanceRequest } from "./maintenance-client.ts";
import { maintenanceSession } from "./maintenance-session.ts";
import { openDatabase } from "./open-database.ts";
import { toPortable } from "./portable-error.ts";
import type { ThreadSettings } from "./thread-messages.ts";

/** The maintenance thread (STO-3): a connection of its own, so that cleaning up keeps no commit waiting for its reads. */
const port = parentPort;
invariant(port !== null, "The maintenance thread has no parent.");
const settings = workerData as ThreadSettings;
const db = openDatabase(settings);
const operations = maintenanceSession(db, settings.path, new LogDoubt(settings.doubt));

port.on("message", async ({ id, name, values }: MaintenanceRequest) => {
  port.postMessage(await answer(id, name, values));
});

async function answer(
  id: number,
  name: MaintenanceRequest["name"],
  values: readonly unknown[],
): Promise<MaintenanceReply> {
  try {
    if (name === "close") return { id, ok: true, value: db.close() };
    const operation = operations[name] as (...parameters: readonly unknown[]) => Promise<unknown>;
    return { id, ok: true, value: await operation(...values) };
  } catch (error) {
    return { id, ok: false, error: toPortable(error) };
  }
}
