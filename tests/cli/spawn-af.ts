import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawn as spawnTerminal } from "@lydell/node-pty";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "packages/cli/src/main.ts");

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The surroundings of a command. */
export interface AfOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What standard input holds; it is closed at once without. */
  readonly input?: string;
  /** Called with all of standard error so far, each time there is more of it. */
  readonly onProgress?: (stderr: string, signal: (name: NodeJS.Signals) => void) => void;
  /** The same for standard output. */
  readonly onOutput?: (stdout: string, signal: (name: NodeJS.Signals) => void) => void;
}

/** Path of a fixture workflow. */
export function fixture(name: string): string {
  return join(root, "tests/fixtures", name);
}

// What the machine of the developer sets must not decide what a test sees.
function environmentOf(extra: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && !/^(?:AF_|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|NODE_TEST)/.test(name),
  );
  return { ...Object.fromEntries(inherited), ...extra } as Record<string, string>;
}

/** Runs the real `af` with pipes and waits for its end. */
export async function af(words: readonly string[], options: AfOptions): Promise<Ended> {
  const { cwd, env, input, onProgress, onOutput } = options;
  const child = spawn(process.execPath, [program, ...words], {
    cwd,
    env: environmentOf(env),
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onOutput?.(stdout, (name) => child.kill(name));
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onProgress?.(stderr, (name) => child.kill(name));
  });
  if (input !== undefined) child.stdin?.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** How a command in a terminal ended; a terminal shows both streams on one screen. */
export interface TerminalEnded {
  readonly code: number;
  readonly screen: string;
}

/** Runs the real `af` in a pseudo-terminal; `onScreen` sees all output so far and can type. */
export async function afInTerminal(
  words: readonly string[],
  options: Pick<AfOptions, "cwd" | "env"> & {
    readonly onScreen?: (screen: string, type: (keys: string) => void) => void;
  },
): Promise<TerminalEnded> {
  const terminal = spawnTerminal(process.execPath, [program, ...words], {
    name: "xterm-256color",
    cols: 100,
    rows: 30,
    cwd: options.cwd,
    env: environmentOf(options.env),
  });
  let screen = "";
  const { promise, resolve } = Promise.withResolvers<TerminalEnded>();
  terminal.onData((text) => {
    screen += text;
    options.onScreen?.(screen, (keys) => terminal.write(keys));
  });
  terminal.onExit(({ exitCode }) => resolve({ code: exitCode, screen }));
  return promise;
}

/** A folder of its own, removed when the test ends. */
export function temporaryFolder(context: { after(cleanUp: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-cli-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
