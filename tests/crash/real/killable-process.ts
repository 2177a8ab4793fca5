import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { uncoveredEnvironment } from "../../uncovered-environment.ts";

/** A program in a process of its own that says what it does line by line, and that a test can stop, continue and kill. */
export class KillableProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly lines: string[] = [];
  readonly #reader: Interface;
  #errors = "";

  constructor(program: string, settings: object, environment: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, ["--no-warnings", program, JSON.stringify(settings)], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...uncoveredEnvironment(), ...environment },
    });
    this.child = child;
    child.stderr.on("data", (data: Buffer) => {
      this.#errors += data.toString();
    });
    // A process that is killed while it is written to closes the pipe; how it ended tells all.
    child.stdin.on("error", (error) => {
      this.#errors += error.message;
    });
    this.ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
    this.#reader = createInterface({ input: child.stdout });
    this.#reader.on("line", (line) => this.lines.push(line));
  }

  get errors(): string {
    return this.#errors;
  }

  /** Resolves when the process has said this line; rejects if it ends before. */
  async said(line: string): Promise<void> {
    await this.#find(`"${line}"`, (said) => said === line);
  }

  /** The first line about a subject, which it begins with; rejects if the process ends before. */
  saidOf(subject: string): Promise<string> {
    return this.#find(`something about ${subject}`, (said) => said.startsWith(`${subject} `));
  }

  async #find(what: string, matches: (line: string) => boolean): Promise<string> {
    const ended = this.ended.then(() => "ended" as const);
    for (let isOver = false; ; ) {
      const found = this.lines.find(matches);
      if (found !== undefined) return found;
      if (isOver) throw new Error(`the process ended before it said ${what}: ${this.#errors}`);
      isOver = (await Promise.race([once(this.#reader, "line"), ended])) === "ended";
    }
  }

  say(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}
