import {
  type Awaitable,
  type CommitResult,
  type InboxStore,
  type Json,
  type OwnershipStore,
  type RunCommit,
  type RunStore,
  type StoreBackend,
  StoreUnavailableError,
  type TransactionSql,
} from "@agentflow/core";

/**
 * What goes wrong at a call. `crashBefore` and `crashAfter`: the process ends before or after the store did its
 * work, so this and every later call never settles. `loseAcknowledgement`: the store did its work, the caller gets
 * StoreUnavailableError. `fail`: the store did nothing, the caller gets StoreUnavailableError. `delay`: the answer
 * comes `turns` turns of the event loop later.
 */
export type FaultKind = "crashBefore" | "crashAfter" | "loseAcknowledgement" | "fail" | "delay";

/** A fault at the nth call, counted from 1 over all calls, or over calls of one method when `method` is given. */
export interface Fault {
  readonly call: number;
  readonly kind: FaultKind;
  readonly method?: StoreMethod;
  readonly turns?: number;
}

/** Names of the store calls that are counted: all but `close`. */
export type StoreMethod =
  | Exclude<keyof RunStore, "capabilities" | "close">
  | keyof OwnershipStore
  | keyof InboxStore;

/**
 * A store in front of another that goes wrong where told to. Without a fault it adds nothing: a call that answers
 * within the tick still does.
 */
export class FaultyStore implements StoreBackend {
  readonly runs: RunStore;
  readonly owners: OwnershipStore;
  readonly inbox: InboxStore;
  /** Resolves at the crash. */
  readonly crashed: Promise<void>;
  readonly #faults: readonly Fault[];
  readonly #calls: StoreMethod[] = [];
  #dead = false;
  #die: () => void = () => undefined;

  constructor(backend: StoreBackend, faults: readonly Fault[] = []) {
    this.#faults = faults;
    this.crashed = new Promise((resolve) => {
      this.#die = resolve;
    });
    const pass: Pass = (method, work) => this.#pass(method, work);
    this.runs = faultyRuns(backend.runs, pass);
    this.owners = faultyOwners(backend.owners, pass);
    this.inbox = faultyInbox(backend.inbox, pass);
  }

  /** The calls made so far, in order. */
  get calls(): readonly StoreMethod[] {
    return this.#calls;
  }

  #pass<T>(method: StoreMethod, work: () => Awaitable<T>): Awaitable<T> {
    if (this.#dead) return never();
    this.#calls.push(method);
    const fault = this.#faultAt(method);
    return fault === undefined ? work() : this.#goWrong(fault, work);
  }

  #faultAt(method: StoreMethod): Fault | undefined {
    const nth = this.#calls.length;
    const nthOfMethod = this.#calls.filter((call) => call === method).length;
    return this.#faults.find((fault) =>
      fault.method === undefined ? fault.call === nth : fault.method === method && fault.call === nthOfMethod,
    );
  }

  async #goWrong<T>({ kind, turns = 1 }: Fault, work: () => Awaitable<T>): Promise<T> {
    if (kind === "fail") throw new StoreUnavailableError("Injected: the call did not reach the store.");
    if (kind === "crashBefore") return this.#crash();
    const crashing = kind === "crashAfter";
    // From here on nobody hears of this process, even while the store still works for it.
    if (crashing) this.#dead = true;
    const value = await work();
    if (crashing) return this.#crash();
    if (kind === "loseAcknowledgement")
      throw new StoreUnavailableError("Injected: the answer of the store was lost.");
    for (let count = 0; count < turns; count++) await turn();
    return value;
  }

  #crash(): Promise<never> {
    this.#dead = true;
    this.#die();
    return never();
  }
}

type Pass = <T>(method: StoreMethod, work: () => Awaitable<T>) => Awaitable<T>;

function faultyRuns(runs: RunStore, pass: Pass): RunStore {
  return {
    capabilities: runs.capabilities,
    commit: (members: readonly RunCommit[]): Awaitable<readonly CommitResult[]> =>
      pass("commit", () => runs.commit(members)),
    transact: async (work: (sql: TransactionSql) => Promise<Json>, finish: (value: Json) => RunCommit) =>
      pass("transact", () => runs.transact(work, finish)),
    readHead: async (tenant, runId) => pass("readHead", () => runs.readHead(tenant, runId)),
    readScope: async (request) => pass("readScope", () => runs.readScope(request)),
    readRecords: async (request) => pass("readRecords", () => runs.readRecords(request)),
    readBlobs: async (tenant, runId, hashes) =>
      pass("readBlobs", () => runs.readBlobs(tenant, runId, hashes)),
    listRuns: async (query) => pass("listRuns", () => runs.listRuns(query)),
    readDefinition: async (tenant, fingerprint) =>
      pass("readDefinition", () => runs.readDefinition(tenant, fingerprint)),
    close: () => runs.close(),
  };
}

function faultyOwners(owners: OwnershipStore, pass: Pass): OwnershipStore {
  return {
    registerOwner: async (owner) => pass("registerOwner", () => owners.registerOwner(owner)),
    beat: async (ownerId) => pass("beat", () => owners.beat(ownerId)),
    readOwner: async (ownerId) => pass("readOwner", () => owners.readOwner(ownerId)),
    removeOwner: async (ownerId) => pass("removeOwner", () => owners.removeOwner(ownerId)),
    takeRun: async (request) => pass("takeRun", () => owners.takeRun(request)),
    releaseRun: async (request) => pass("releaseRun", () => owners.releaseRun(request)),
  };
}

function faultyInbox(inbox: InboxStore, pass: Pass): InboxStore {
  return {
    put: async (request) => pass("put", () => inbox.put(request)),
    read: async (tenant, runId, afterId) => pass("read", () => inbox.read(tenant, runId, afterId)),
  };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
