import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

/** How a run of the `af` command ended. */
export interface AfResult {
  readonly exitCode: number;
  /** What it wrote to standard output. */
  readonly output: string;
}

async function afCommand(): Promise<string> {
  const manifest = findPackageJSON("agentflow", import.meta.url);
  if (manifest === undefined) throw new Error("The package agentflow is not installed: run npm install.");
  const { bin } = JSON.parse(await readFile(manifest, "utf8")) as { bin: { af: string } };
  return join(dirname(manifest), bin.af);
}

/**
 * Runs `af` with these words and `input` on its standard input. Progress goes to this process's standard error. A
 * signal is for the command to handle: Ctrl-C parks the run.
 */
export async function runWithAf(words: readonly string[], input: string): Promise<AfResult> {
  const command = await afCommand();
  const child = spawn(process.execPath, [command, ...words], { stdio: ["pipe", "pipe", "inherit"] });
  // A terminal sends Ctrl-C to the command as well; any other signal reaches only this process.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  // A command that refuses its arguments ends before it has read the input: its exit code says why.
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(input);
  const [output, [exitCode, signal]] = await Promise.all([text(child.stdout), once(child, "close")]);
  return { exitCode: exitCode ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0), output };
}
