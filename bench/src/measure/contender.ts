import { type ChildProcess, fork } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ChildMessage, Job, Sample } from "./sample.ts";

/** How long a system may take to close. */
const closeTimeoutMs = 10_000;

const childPath = fileURLToPath(new URL("./child.ts", import.meta.url));

/** A child process that holds one system at one workload and does a round when asked; idle in between. */
export class Contender {
  readonly job: Job;
  readonly #child: ChildProcess;

  private constructor(job: Job, child: ChildProcess) {
    this.job = job;
    this.#child = child;
  }

  /** Starts the process and waits until it can do rounds; rejects with what stopped it. */
  static async start(job: Job): Promise<Contender> {
    const child = fork(childPath, [JSON.stringify(job)], { execArgv: ["--no-warnings"] });
    const contender = new Contender(job, child);
    try {
      await contender.#next();
    } catch (error) {
      await contender.stop();
      throw error;
    }
    return contender;
  }

  /** Does one round. */
  async round(): Promise<Sample> {
    this.#child.send("round");
    const message = await this.#next();
    if (message.type !== "sample") throw new Error(`${this.job.system}: no sample`);
    return message.sample;
  }

  /** Lets the system close and its process end, by force when that takes too long, and removes its folder. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = new Promise((resolve) => this.#child.once("exit", resolve));
      const force = setTimeout(() => this.#child.kill("SIGKILL"), closeTimeoutMs);
      if (this.#child.connected) this.#child.send("close");
      await exited;
      clearTimeout(force);
    }
    rmSync(this.job.directory, { recursive: true, force: true });
  }

  #next(): Promise<ChildMessage> {
    return new Promise((resolve, reject) => {
      const exited = (code: number | null) =>
        reject(new Error(`${this.job.system}: its process ended with ${code}`));
      this.#child.once("exit", exited);
      this.#child.once("message", (message: ChildMessage) => {
        this.#child.off("exit", exited);
        if (message.type === "failed") reject(new Error(`${this.job.system}: ${message.message}`));
        else resolve(message);
      });
    });
  }
}
