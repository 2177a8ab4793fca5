import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A database server that is made by these tests. */
export type PrivateServerKind = "postgres" | "mysql";

/** A server of its own, which syncs what it is told to keep, and which may be killed: nobody else uses it. */
export interface PrivateServer {
  /** Opens stores in a database of its own. */
  readonly url: string;
  /** Resolves once it takes connections. */
  start(): Promise<void>;
  /** Ends all its processes with SIGKILL, as a crash of its machine would, but for the memory of the system. */
  kill(): Promise<void>;
  /** Lets all its processes stand still, connections and all. */
  pause(): void;
  /** Lets a paused one go on. */
  goOn(): void;
  /** Ends it in an orderly way, without waiting for its clients. */
  stop(): Promise<void>;
  /** Kills it and removes its files. */
  dispose(): Promise<void>;
}

interface Programs {
  /** Makes an empty data folder. */
  readonly install: string;
  readonly server: string;
}

const names: Readonly<Record<PrivateServerKind, Programs>> = {
  postgres: { install: "initdb", server: "postgres" },
  mysql: { install: "mariadb-install-db", server: "mariadbd" },
};

/** Says which program of the server this machine lacks, or gives undefined. */
export function missingServer(kind: PrivateServerKind): string | undefined {
  const { install, server } = names[kind];
  const lacking = [install, server].filter((name) => find(name) === undefined);
  return lacking.length === 0 ? undefined : `${lacking.join(" and ")} of the server is not installed`;
}

/**
 * Gives the options of a test that makes a server. Without its programs the test is skipped by name; with
 * `AF_REQUIRE_SERVICES=1` this throws instead, so that the file fails.
 */
export function serverNeeded(kind: PrivateServerKind): { readonly skip: string | false } {
  const missing = missingServer(kind);
  if (missing !== undefined && process.env["AF_REQUIRE_SERVICES"] === "1")
    throw new Error(`${missing}, and AF_REQUIRE_SERVICES=1`);
  return { skip: missing ?? false };
}

/** Makes a server with settings of its own, such as `{ max_connections: "20" }`; it is not started yet. */
export async function privateServer(
  kind: PrivateServerKind,
  settings: Readonly<Record<string, string>> = {},
): Promise<PrivateServer> {
  const folder = mkdtempSync(join(tmpdir(), `agentflow-${kind}-`));
  const port = await freePort();
  const data = join(folder, "data");
  const user = await userFor(kind);
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const { install, server } = programs(kind);
  const given = Object.entries(settings);
  if (kind === "postgres") {
    await execute(
      install,
      ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
      { ...user },
    );
    const fixed = { port, listen_addresses: "127.0.0.1", unix_socket_directories: folder };
    const parameters = [...Object.entries(fixed), ...given].flatMap(([name, value]) => [
      "-c",
      `${name}=${value}`,
    ]);
    return new ServerProcess({
      program: server,
      parameters: ["-D", data, ...parameters],
      user,
      folder,
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      ready: "ready to accept connections",
      stopSignal: "SIGINT",
    });
  }
  await execute(install, ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal"], {
    ...user,
  });
  const fixed = [
    `--datadir=${data}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    `--socket=${join(folder, "socket")}`,
    `--pid-file=${join(folder, "pid")}`,
    "--innodb-log-file-size=16M",
  ];
  return new ServerProcess({
    program: server,
    parameters: ["--no-defaults", ...fixed, ...given.map(([name, value]) => `--${name}=${value}`)],
    user,
    folder,
    url: `mysql://root@127.0.0.1:${port}/test`,
    ready: "ready for connections",
    stopSignal: "SIGTERM",
  });
}

interface ServerParts {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly folder: string;
  readonly url: string;
  /** Part of the line by which it says that it takes connections. */
  readonly ready: string;
  readonly stopSignal: NodeJS.Signals;
}

class ServerProcess implements PrivateServer {
  readonly url: string;
  readonly #parts: ServerParts;
  #process: { readonly child: ChildProcess; readonly ended: Promise<unknown> } | undefined;

  constructor(parts: ServerParts) {
    this.url = parts.url;
    this.#parts = parts;
    // Nobody stops it any more where a test or a fault ends on the way.
    process.once("exit", this.#killAll);
  }

  async start(): Promise<void> {
    const { program, parameters, user, folder, ready } = this.#parts;
    const child = spawn(program, parameters, { ...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    const ended = once(child, "exit");
    this.#process = { child, ended };
    const said: string[] = [];
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stderr }).on("line", (line) => {
        said.push(line);
        if (line.includes(ready)) resolve();
      });
      const fail = (): void => reject(new Error(`${program} did not start:\n${said.join("\n")}`));
      ended.then(fail, fail);
    });
  }

  async kill(): Promise<void> {
    const pid = this.#process?.child.pid;
    const children = pid === undefined ? [] : childrenOf(pid);
    this.#killAll();
    await this.#end();
    // A child that ends a little later still holds the memory that they share, and no new server starts meanwhile.
    while (children.some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  pause(): void {
    this.#signalAll("SIGSTOP");
  }

  goOn(): void {
    this.#signalAll("SIGCONT");
  }

  async stop(): Promise<void> {
    this.#process?.child.kill(this.#parts.stopSignal);
    await this.#end();
  }

  async dispose(): Promise<void> {
    await this.kill();
    process.off("exit", this.#killAll);
    rmSync(this.#parts.folder, { recursive: true, force: true });
  }

  readonly #killAll = (): void => this.#signalAll("SIGKILL");

  #signalAll(signal: NodeJS.Signals): void {
    const pid = this.#process?.child.pid;
    if (pid === undefined) return;
    // PostgreSQL's processes are no group, and would go on for a moment without the first one.
    for (const each of [pid, ...childrenOf(pid)]) send(each, signal);
  }

  async #end(): Promise<void> {
    await this.#process?.ended;
    this.#process = undefined;
  }
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(name);
      return stat.slice(stat.lastIndexOf(")")).split(" ")[2] === String(pid) ? [Number(name)] : [];
    });
}

function isRunning(pid: number): boolean {
  const stat = statOf(String(pid));
  return stat !== "" && stat.slice(stat.lastIndexOf(")")).split(" ")[1] !== "Z";
}

/** What the system tells of a process; nothing of one that ended meanwhile. */
function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function programs(kind: PrivateServerKind): Programs {
  const { install, server } = names[kind];
  return { install: find(install) ?? install, server: find(server) ?? server };
}

/** The path of a program, also where Debian keeps those of PostgreSQL and of daemons. */
function find(name: string): string | undefined {
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...globSync("/usr/lib/postgresql/*/bin").sort().reverse(),
    "/usr/sbin",
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Servers refuse to run as root: the account that their package has made, where this process is root. */
async function userFor(kind: PrivateServerKind): Promise<{ uid: number; gid: number } | undefined> {
  if (userInfo().uid !== 0) return undefined;
  const id = async (option: string): Promise<number> => Number((await execute("id", [option, kind])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, "close");
  return port;
}
