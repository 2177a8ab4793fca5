import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Set in processes that are to use a running server: its {@link RestateAddresses} as JSON. */
export const runningRestate = "BENCH_RESTATE";

/** Where a server is. */
export interface RestateAddresses {
  readonly ingressUrl: string;
  readonly adminUrl: string;
  /** Where it calls the handlers; 0 for any free port. */
  readonly handlersPort: number;
}

/** A running Restate server. */
export interface RestateServer extends RestateAddresses {
  /** Bytes of its files: its log, and its tables as far as they left its memory. */
  storedBytes(): number;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

const startTimeoutMs = 30_000;
const pollMs = 50;

/** The server that the environment names, or else one that is started for `directory`. */
export async function openRestate(directory: string): Promise<RestateServer> {
  const running = process.env[runningRestate];
  if (running === undefined) return startRestate(directory);
  const addresses = JSON.parse(running) as RestateAddresses;
  return { ...addresses, storedBytes: () => 0, stop: async () => undefined };
}

/**
 * Starts a Restate server of the npm package with its own default settings (a single node that syncs its log), on free
 * ports and an empty folder. Rejects with the end of its log when it does not get ready.
 */
export async function startRestate(directory: string): Promise<RestateServer> {
  const dataDirectory = join(directory, "restate-data");
  const logPath = join(directory, "restate.log");
  mkdirSync(directory, { recursive: true });
  const server = spawnServer(dataDirectory, logPath);
  try {
    const ingressUrl = await portOf(server, logPath, /Ingress HTTP listening.*"server\.port":(\d+)/);
    const adminUrl = await portOf(server, logPath, /Admin API starting on: http:\/\/127\.0\.0\.1:(\d+)/);
    await untilHealthy(server, logPath, `${adminUrl}/health`);
    await untilHealthy(server, logPath, `${ingressUrl}/restate/health`);
    return {
      ingressUrl,
      adminUrl,
      handlersPort: 0,
      storedBytes: () => filesBytes(dataDirectory),
      stop: () => end(server, dataDirectory),
    };
  } catch (error) {
    await end(server, dataDirectory);
    throw error;
  }
}

// The shell holds the server and ends it when its own standard input ends, as it does when this process dies.
const watchdog = '"$@" & server=$!; cat > /dev/null; kill -KILL $server; wait';

function spawnServer(dataDirectory: string, logPath: string): ChildProcess {
  const platform = `${process.platform}-${process.arch}`;
  const binary = createRequire(import.meta.url).resolve(
    `@restatedev/restate-server-${platform}/bin/restate-server`,
  );
  const log = openSync(logPath, "w");
  const command = [binary, "--no-logo", "--node-name", "bench", "--base-dir", dataDirectory];
  const server = spawn("sh", ["-c", watchdog, "sh", ...command], {
    stdio: ["pipe", log, log],
    env: {
      ...process.env,
      RESTATE_LISTEN_MODE: "tcp",
      RESTATE_BIND_IP: "127.0.0.1",
      RESTATE_USE_RANDOM_PORTS: "true",
      RESTATE_LOG_FORMAT: "json",
      RESTATE_DISABLE_TELEMETRY: "true",
    },
  });
  closeSync(log);
  return server;
}

async function portOf(server: ChildProcess, logPath: string, pattern: RegExp): Promise<string> {
  return waitFor(server, logPath, async () => {
    const [, port] = pattern.exec(readFileSync(logPath, "utf8")) ?? [];
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  });
}

async function untilHealthy(server: ChildProcess, logPath: string, url: string): Promise<void> {
  await waitFor(server, logPath, async () => {
    const response = await fetch(url);
    return response.ok ? true : undefined;
  });
}

async function waitFor<T>(
  server: ChildProcess,
  logPath: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + startTimeoutMs;
  let refusal: unknown;
  while (server.exitCode === null && performance.now() < deadline) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      refusal = error;
    }
    await sleep(pollMs);
  }
  const log = readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  throw new Error(`the Restate server did not get ready; the end of its log:\n${log}`, { cause: refusal });
}

function filesBytes(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((bytes, { parentPath, name }) => bytes + statSync(join(parentPath, name)).size, 0);
}

async function end(server: ChildProcess, dataDirectory: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const exited = new Promise((resolve) => server.once("exit", resolve));
    server.stdin?.end();
    await exited;
  }
  rmSync(dataDirectory, { recursive: true, force: true });
}
