#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// First of all, so that everything below is compiled once per machine and not once per start.
enableCompileCache();
const { runCommandLine } = await import("./command-line.ts");

async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

// A pipe may still hold what was written; the code of a workflow may keep timers that nobody waits for.
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write("", () => resolve());
  });
}

const code = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  directory: process.cwd(),
  readStandardInput,
});
await Promise.all([drained(process.stdout), drained(process.stderr)]);
process.exit(code);
