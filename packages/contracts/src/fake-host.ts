import type { Host } from "@agentflow/core";

/** Which processes of a pretended machine run. Hosts of one machine share it. */
export class FakeProcesses {
  readonly #running = new Set<string>();

  start(pid: number, processStart: string): void {
    this.#running.add(`${pid} ${processStart}`);
  }

  kill(pid: number, processStart: string): void {
    this.#running.delete(`${pid} ${processStart}`);
  }

  isAlive(pid: number, processStart: string): boolean {
    return this.#running.has(`${pid} ${processStart}`);
  }
}

/** What a fake host is made of. */
export interface FakeHostParts {
  readonly name?: string;
  readonly pid?: number;
  readonly processStart?: string;
  readonly processes?: FakeProcesses;
}

/** A pretended process on a pretended machine (S20). Ids count up, so that a test sees the same ones each time. */
export class FakeHost implements Host {
  readonly name: string;
  readonly pid: number;
  readonly processStart: string;
  readonly processes: FakeProcesses;
  #ids = 0;

  constructor(parts: FakeHostParts = {}) {
    this.name = parts.name ?? "host-a";
    this.pid = parts.pid ?? 1_001;
    this.processStart = parts.processStart ?? "1";
    this.processes = parts.processes ?? new FakeProcesses();
    this.processes.start(this.pid, this.processStart);
  }

  isAlive(pid: number, processStart: string): boolean {
    return this.processes.isAlive(pid, processStart);
  }

  newId(): string {
    this.#ids += 1;
    return `${this.name}-${this.pid}-${this.processStart}-${String(this.#ids).padStart(6, "0")}`;
  }

  /** Ends this process; others of the machine see it gone. */
  die(): void {
    this.processes.kill(this.pid, this.processStart);
  }
}
