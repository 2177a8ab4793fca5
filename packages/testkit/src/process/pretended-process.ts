import {
  type CrossingFault,
  type FakeClock,
  FakeHost,
  type FakeProcesses,
  FaultLine,
  interceptArtifacts,
  interceptBackend,
  interceptCache,
  interceptEmitter,
} from "@agentflow/contracts";
import type {
  ArtifactStore,
  CallInterceptor,
  Emitter,
  ResponseCache,
  RunCommit,
  StoreBackend,
  WorkflowLimits,
} from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { ProcessClock } from "./process-clock.ts";

/** What a pretended process has in common with those before and after it, and what goes wrong with it. */
export interface ProcessParts {
  readonly backend: StoreBackend;
  readonly clock: FakeClock;
  readonly processes: FakeProcesses;
  readonly pid: number;
  readonly fault?: CrossingFault | undefined;
  readonly artifacts?: ArtifactStore | undefined;
  readonly cache?: ResponseCache | undefined;
  readonly emitters?: readonly Emitter[] | undefined;
  readonly tenant?: string | undefined;
  readonly limits?: WorkflowLimits | undefined;
  readonly interceptor?: CallInterceptor | undefined;
}

/**
 * One process with an engine, on a machine that it shares with those that come after it.
 *
 * 1. Whatever its engine asks of the outside crosses its fault line: stores, calls (as "io"), emitters.
 * 2. Once it has ended, nothing of it goes on and nothing reaches it.
 */
export class PretendedProcess {
  readonly line: FaultLine;
  readonly clock: ProcessClock;
  readonly host: FakeHost;
  readonly engine: Engine;
  /** What its last commit and its last outside call were about, for people. */
  lastCommit: readonly RunCommit[] = [];
  lastCall = "";
  #callsUnderWay = 0;

  constructor(parts: ProcessParts) {
    const { clock, processes, pid, artifacts, cache, emitters = [], tenant, limits } = parts;
    this.line = new FaultLine(parts.fault);
    const pass: FaultLine["pass"] = (name, work) => this.line.pass(name, work);
    this.clock = new ProcessClock(clock);
    this.host = new FakeHost({ processes, pid });
    this.engine = new Engine({
      backend: this.#noteCommits(interceptBackend(parts.backend, pass)),
      clock: this.clock,
      host: this.host,
      artifacts: artifacts && interceptArtifacts(artifacts, pass),
      cache: cache && interceptCache(cache, pass),
      emitters: emitters.map((emitter) => interceptEmitter(emitter, pass)),
      interceptor: parts.interceptor && this.#crossing(parts.interceptor),
      tenant,
      limits,
    });
    void this.line.crashed.then(() => this.end());
  }

  /** Whether its store or an emitter is at work for it. */
  get isStoring(): boolean {
    return this.line.underWay > this.#callsUnderWay;
  }

  /** The process is gone, as others of its machine see it, and nothing of it goes on. */
  end(): void {
    this.host.die();
    this.clock.stop();
    if (!this.line.isDead) this.line.crash();
  }

  #noteCommits(backend: StoreBackend): StoreBackend {
    const { runs } = backend;
    const commit: typeof runs.commit = (members) => {
      if (!this.line.isDead) this.lastCommit = members;
      return runs.commit(members);
    };
    return { ...backend, runs: { ...runs, commit } };
  }

  #crossing(interceptor: CallInterceptor): CallInterceptor {
    return {
      node: (call, proceed) => interceptor.node(call, proceed),
      io: (call, proceed) => {
        if (!this.line.isDead) this.lastCall = `io "${call.name}" of ${call.stepId}`;
        const answer = this.line.pass("io", () => interceptor.io(call, proceed));
        if (!(answer instanceof Promise)) return answer;
        this.#callsUnderWay++;
        return answer.finally(() => this.#callsUnderWay--);
      },
    };
  }
}
