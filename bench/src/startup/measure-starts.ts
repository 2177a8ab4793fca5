import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buildPackage } from "../../../scripts/build-package.ts";
import { failureReason } from "../measure/failure-reason.ts";
import { type Options, selected } from "../options.ts";
import type { Measurements } from "../report/result.ts";
import { type RestateServer, runningRestate, startRestate } from "../servers/restate-server.ts";
import { keepPlaces, openServerPlace } from "../servers/server-place.ts";
import { peers } from "../systems/peers.ts";
import { measureStartup, type Starter, type Starts, startFolder } from "./measure-startup.ts";

interface BuiltStarts extends Starts {
  readonly build: Measurements["startupBuild"];
}

const all: readonly Starter[] = [
  "bare-node",
  "agentflow-memory",
  "agentflow-sqlite-normal",
  "agentflow-postgres-normal",
  ...peers.map(({ id }) => id),
];

/**
 * Starts all selected systems from the package as it is published. Servers run before: the process of a system finds
 * its schema and its handlers known, as that of a restarted service does.
 */
export async function measureStarts(
  options: Options,
  directory: string,
  progress: (line: string) => void,
): Promise<BuiltStarts> {
  if (!selected("start", options.only)) return { startup: [], failures: [], build: "sources" };
  progress("start: first step after process start, peak RSS");
  const starters = all.filter((each) => each === "bare-node" || selected(each, options.systems));
  const failures: { what: string; message: string }[] = [];
  const tried = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      failures.push({ what, message: failureReason(error) });
      return undefined;
    }
  };
  const entry = await tried("packed build", () => build(directory));
  const restate = starters.includes("restate")
    ? await tried("start restate", () => startRestate(join(directory, "start-restate-server")))
    : undefined;
  try {
    const environment = {
      ...process.env,
      [keepPlaces]: "yes",
      ...(entry === undefined ? {} : { AGENTFLOW_ENTRY: entry }),
      ...(restate === undefined ? {} : await restateEnvironment(restate)),
    };
    const ready = starters.filter((each) => each !== "restate" || restate !== undefined);
    const starts = measureStartup(ready, options.quick ? 3 : 7, directory, environment);
    return {
      startup: starts.startup,
      failures: [...failures, ...starts.failures],
      build: entry === undefined ? "sources" : "packed",
    };
  } finally {
    await restate?.stop();
    for (const starter of starters.filter((each) => each.includes("postgres"))) {
      await tried(`start ${starter}`, async () =>
        (await openServerPlace("postgres", startFolder(directory, starter))).drop(),
      );
    }
  }
}

async function build(directory: string): Promise<string> {
  const folder = join(directory, "package");
  await buildPackage(folder);
  return join(folder, "index.js");
}

async function restateEnvironment({ ingressUrl, adminUrl }: RestateServer): Promise<NodeJS.ProcessEnv> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port: handlersPort } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return { [runningRestate]: JSON.stringify({ ingressUrl, adminUrl, handlersPort }) };
}
