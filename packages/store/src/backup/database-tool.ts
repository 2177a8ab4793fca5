import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { ConfigError, StoreFailedError } from "@agentflow/core";

/** A program of a database, with what it is called with. Passwords go into the environment, never into the arguments. */
export interface DatabaseTool {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A program that runs. */
export interface RunningTool {
  readonly input: Writable;
  readonly output: Readable;
  /** Resolves when it ended well; rejects with StoreFailedError and what it said. */
  ended(): Promise<void>;
  /** Ends it, if it still runs. */
  stop(): void;
}

const saidMaxLength = 2_000;

/**
 * The path of the first of these programs that is installed. Throws ConfigError that says what to install.
 */
export function findTool(names: readonly string[], packages: string): string {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  for (const name of names) {
    for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
      for (const suffix of suffixes) {
        const path = join(folder, name + suffix);
        if (folder !== "" && isExecutable(path)) return path;
      }
    }
  }
  throw new ConfigError(`${names.join(" or ")} is not installed, or not on the PATH.`, {
    hint: `Install the client programs of the database: ${packages}.`,
    context: { programs: names },
  });
}

/** Starts a program of a database. */
export function startTool({ program, parameters, environment }: DatabaseTool): RunningTool {
  const child = spawn(program, parameters, {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-saidMaxLength);
  });
  // Who writes to it hears of its end; a program that ends early says why on standard error.
  child.stdin.on("error", () => undefined);
  const closed = new Promise<{ readonly code: number | null } | { readonly cause: Error }>((resolve) => {
    child.once("error", (cause) => resolve({ cause }));
    child.once("close", (code) => resolve({ code }));
  });
  const ended = async (): Promise<void> => {
    const end = await closed;
    if ("cause" in end) throw new StoreFailedError(`${program} cannot be started.`, { cause: end.cause });
    if (end.code === 0) return;
    throw new StoreFailedError(`${program} ended with ${end.code ?? "a signal"}: ${said.trim()}`, {
      context: { program },
    });
  };
  return { input: child.stdin, output: child.stdout, ended, stop: () => child.kill("SIGKILL") };
}

/** The first line that `program --version` prints. */
export async function toolVersion(program: string): Promise<string> {
  const tool = startTool({ program, parameters: ["--version"], environment: {} });
  let text = "";
  for await (const chunk of tool.output.setEncoding("utf8")) text += chunk;
  await tool.ended();
  return text.split("\n")[0] ?? "";
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    // Any refusal answers the question.
    return (error as NodeJS.ErrnoException).code === undefined;
  }
}
