import { FakeClock, FakeProcesses } from "@agentflow/contracts";
import type { ArtifactStore, ResponseCache, StoreBackend } from "@agentflow/core";
import { memoryArtifacts, memoryCache } from "@agentflow/store";
import { type ObservedBackend, observeCommits } from "@agentflow/testkit";
import { DurableRecord } from "./durable-record.ts";
import { EventRecorder } from "./event-recorder.ts";
import { OutsideWorld } from "./outside-world.ts";

/** What is there before and after any process of one run: its store, the outside, the readers of its events. */
export class Stage {
  readonly tenant: string;
  readonly runId = "run-1";
  /** The store as it is, for looking. */
  readonly backend: StoreBackend;
  /** The store that processes are given. */
  readonly observed: ObservedBackend;
  readonly durable = new DurableRecord(this.runId);
  readonly world: OutsideWorld;
  readonly recorder = new EventRecorder();
  readonly clock: FakeClock;
  readonly processes = new FakeProcesses();
  readonly artifacts: ArtifactStore = memoryArtifacts();
  readonly cache: ResponseCache = memoryCache();
  readonly isPipelined: boolean;
  /** The processes so far; whoever ends the story ends those that still stand somewhere. */
  readonly started: { end(): void }[] = [];

  constructor(backend: StoreBackend, tenant: string, clock = new FakeClock()) {
    this.tenant = tenant;
    this.backend = backend;
    this.clock = clock;
    this.observed = observeCommits(backend, (member) => this.durable.add(member));
    this.isPipelined = backend.runs.capabilities.defaultDurability === "batched";
    this.world = new OutsideWorld(tenant, this.durable, this.isPipelined);
  }
}
