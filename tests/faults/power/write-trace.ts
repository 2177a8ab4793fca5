import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { invariant } from "@agentflow/core";
import { uncoveredEnvironment } from "../../uncovered-environment.ts";

/** What a process asks of the file system. */
export type DiskRequest =
  | { readonly kind: "create"; readonly path: string; readonly truncates: boolean }
  /** Without an offset the bytes follow what the file holds. */
  | {
      readonly kind: "write";
      readonly path: string;
      readonly offset: number | undefined;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: "truncate"; readonly path: string; readonly sizeBytes: number }
  | { readonly kind: "sync"; readonly path: string; readonly isDone: boolean }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  | { readonly kind: "remove" | "makeFolder"; readonly path: string }
  /** A line on its standard output. */
  | { readonly kind: "say"; readonly text: string };

/** A request, which was under way between two lines of the trace. */
export type DiskOperation = DiskRequest & { readonly begin: number; readonly end: number };

const traced = [
  ...["openat", "write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "mkdir"],
  ...["rename", "unlink", "rmdir"],
];
// What would change files unseen must not occur.
const unexpected = [
  ...["creat", "fallocate", "copy_file_range", "sendfile", "link", "linkat", "unlinkat", "renameat"],
  ...["renameat2", "mkdirat", "truncate", "pwritev2"],
];
const valueBytesMax = 16 * 1024 * 1024;

/** A program under strace, and the faults that strace injects. */
export interface TracedProgram {
  readonly command: readonly string[];
  /** The file for the trace. */
  readonly trace: string;
  /** The calls that are traced; those that change files unless given. */
  readonly calls?: readonly string[];
  /** Like `fsync:error=EIO:when=3`. */
  readonly inject?: string;
  /** Only calls on these files are traced and disturbed; all if none is given. */
  readonly only?: readonly string[];
  readonly timeoutMs?: number;
}

/** How a program under strace ended. */
export interface TracedEnd {
  /** Undefined if it did not end in time, and was killed. */
  readonly code: number | undefined;
  readonly output: string;
}

/** Executes a program under strace. */
export async function traceProgram(program: TracedProgram): Promise<TracedEnd> {
  const { command, trace, inject, only = [], timeoutMs = 120_000 } = program;
  const { calls = [...traced, ...unexpected] } = program;
  const all = inject === undefined ? calls : [...calls, ...(inject.split(":")[0] ?? "").split(",")];
  const options = ["-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", String(valueBytesMax), "-o", trace];
  options.push("-e", `trace=${all.join(",")}`);
  if (inject !== undefined) options.push("-e", `inject=${inject}`);
  for (const path of only) options.push("-P", path);
  const child = spawn("strace", [...options, ...command], {
    stdio: ["ignore", "pipe", "pipe"],
    // strace and the program end together.
    detached: true,
    // Requests that go by way of io_uring are not seen.
    env: { ...uncoveredEnvironment(), UV_USE_IO_URING: "0" },
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, timeoutMs);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  return { code: isLate ? undefined : (code ?? -1), output: Buffer.concat(chunks).toString() };
}

/** Reads the operations below `root` of a trace, in the order in which they began. */
export async function readTrace(trace: string, root: string): Promise<readonly DiskOperation[]> {
  const operations: DiskOperation[] = [];
  const open = new Map<string, { readonly begin: number; readonly text: string }>();
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(trace) })) {
    number += 1;
    const [, thread = "", text = ""] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (text.endsWith("<unfinished ...>")) {
      open.set(thread, { begin: number, text: text.slice(0, -"<unfinished ...>".length).trimEnd() });
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>/.exec(text)?.[0];
    const begun = resumed === undefined ? undefined : open.get(thread);
    const whole = resumed === undefined ? text : `${begun?.text}${text.slice(resumed.length)}`;
    const operation = operationOf(whole, root);
    if (operation !== undefined)
      operations.push({ ...operation, begin: begun?.begin ?? number, end: number });
  }
  return operations.sort((a, b) => a.begin - b.begin);
}

function operationOf(call: string, root: string): DiskRequest | undefined {
  const [, name = "", rest = "", result = ""] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(call) ?? [];
  const done = Number(result);
  const strings = [...rest.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex]) => bytesOf(hex ?? ""));
  const fd = /^(\d+)</.exec(rest)?.[1];
  const path = (fd === undefined ? strings[0]?.toString() : descriptorPath(rest)) ?? "";
  if (fd === "1" && (name === "write" || name === "writev"))
    return { kind: "say", text: Buffer.concat(strings).toString() };
  if (!path.startsWith(root)) return undefined;
  if (name === "fsync" || name === "fdatasync") return { kind: "sync", path, isDone: done === 0 };
  if (done < 0) return undefined;
  if (unexpected.includes(name))
    throw new Error(`the trace has a call that is not understood: ${call.slice(0, 200)}`);
  switch (name) {
    case "openat":
      return rest.includes("O_CREAT") || rest.includes("O_TRUNC")
        ? { kind: "create", path, truncates: rest.includes("O_TRUNC") }
        : undefined;
    case "write":
    case "writev":
      return { kind: "write", path, offset: undefined, bytes: Buffer.concat(strings).subarray(0, done) };
    case "pwrite64":
    case "pwritev":
      return {
        kind: "write",
        path,
        offset: lastNumber(rest),
        bytes: Buffer.concat(strings).subarray(0, done),
      };
    case "ftruncate":
      return { kind: "truncate", path, sizeBytes: lastNumber(rest) };
    case "rename":
      return { kind: "rename", path, to: strings[1]?.toString() ?? "" };
    case "mkdir":
      return { kind: "makeFolder", path };
    case "unlink":
    case "rmdir":
      return { kind: "remove", path };
    default:
      return undefined;
  }
}

function descriptorPath(rest: string): string | undefined {
  const hex = /^\d+<((?:\\x[0-9a-f]{2})*)>/.exec(rest)?.[1];
  return hex === undefined ? undefined : bytesOf(hex).toString();
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll("\\x", ""), "hex");
}

function lastNumber(rest: string): number {
  const number = Number(/(\d+)$/.exec(rest)?.[1]);
  invariant(Number.isSafeInteger(number), "the call ends with a number");
  return number;
}
