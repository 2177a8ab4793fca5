import {
  AgentFlowError,
  type CommitResult,
  InvariantError,
  invariant,
  type RunCommit,
  StoreUnavailableError,
} from "@agentflow/core";
import { checkIdentifier } from "../rows/identifiers.ts";
import { type CommitUnit, commitUnits } from "./commit-units.ts";
import { untilAvailable } from "./retry-transient.ts";

/** The places of the units that passed their fence, each with the id of the newest row of its run's inbox. */
export type PassedUnits = ReadonlyMap<number, number>;

/** How a database applies commits and says why it refused one. Both throw typed errors. */
export interface UnitWriter {
  /**
   * Applies units of distinct runs, each behind its fence, in one transaction; returns those that passed. `taken`: a
   * primary key refused a row, and nothing was applied. May be called again with the same units.
   */
  apply(units: readonly CommitUnit[]): Promise<PassedUnits | "taken">;
  /** Classifies a commit that was refused (S4). */
  refusal(commit: RunCommit): Promise<CommitResult>;
}

type Report = (member: number, result: CommitResult) => void;

const committed: CommitResult = Object.freeze({ kind: "committed" });

/**
 * Writes grouped commits to a database server (S4). Boundary: knows members and results, not SQL.
 * 1. Members are merged per run and written in run-id order; a run's members keep their order.
 * 2. A member is fenced before any of its rows is inserted, so a refused one has written nothing.
 * 3. When units together meet an error, each member is tried alone, so that one cannot fail another.
 * 4. A lost acknowledgement is resolved by applying again: what is stored already is a duplicate.
 * 5. While the server is away the runs that there are wait, for as long as `waits` says, and those that are to be
 *    started are refused: nothing is lost with them yet.
 */
export class GroupWriter {
  readonly #units: UnitWriter;
  readonly #waits: () => boolean;

  constructor(units: UnitWriter, waits: () => boolean) {
    this.#units = units;
    this.#waits = waits;
  }

  /** Results in the order of the members. */
  async commit(members: readonly RunCommit[]): Promise<readonly CommitResult[]> {
    const results = new Map<number, CommitResult>();
    const accepted: number[] = [];
    for (const [index, member] of members.entries()) {
      const { progress, expectedSeq } = member;
      invariant(progress.seq === expectedSeq + 1, `Commit ${progress.seq} must follow ${expectedSeq}.`);
      const refused = unusableIdentifier(member);
      if (refused === undefined) accepted.push(index);
      else results.set(index, refused);
    }
    const group = accepted.map((index) => members[index] as RunCommit);
    for (const wave of commitUnits(group))
      await this.#applyWave(wave, group, (member, result) => results.set(accepted[member] ?? -1, result));
    return [...members.keys()].map((index) => results.get(index) as CommitResult);
  }

  async #applyWave(units: readonly CommitUnit[], group: readonly RunCommit[], report: Report): Promise<void> {
    const passed = await this.#together(units);
    if (passed instanceof StoreUnavailableError) {
      await this.#withoutServer(units, passed, group, report);
      return;
    }
    for (const [place, { members }] of units.entries()) {
      const inbox = passed.get(place);
      for (const member of members) {
        const commit = group[member] as RunCommit;
        report(member, inbox === undefined ? await this.#alone(commit) : committedWith(commit, inbox));
      }
    }
  }

  /** Goes on with the units that wait for the server, if any. */
  async #withoutServer(
    units: readonly CommitUnit[],
    error: StoreUnavailableError,
    group: readonly RunCommit[],
    report: Report,
  ): Promise<void> {
    const waiting = units.filter(({ commit }) => this.#waitsWith(commit));
    for (const unit of units)
      if (!waiting.includes(unit))
        for (const member of unit.members) report(member, { kind: "failed", error });
    if (waiting.length > 0) await this.#applyWave(waiting, group, report);
  }

  #waitsWith(commit: RunCommit): boolean {
    return commit.create === undefined && this.#waits();
  }

  /** The places of the units that passed; none when one of several units met an error of its own. */
  async #together(units: readonly CommitUnit[]): Promise<PassedUnits | StoreUnavailableError> {
    const nothing: PassedUnits = new Map();
    // A single member is applied where its error can be told.
    if (units.length === 1 && units[0]?.members.length === 1) return nothing;
    try {
      const passed = await this.#lasting(units, () => this.#units.apply(units));
      return passed === "taken" ? nothing : passed;
    } catch (error) {
      if (error instanceof InvariantError) throw error;
      // What else went wrong comes back with the member that it happens to again.
      return error instanceof StoreUnavailableError ? error : nothing;
    }
  }

  async #alone(commit: RunCommit): Promise<CommitResult> {
    const units = [{ commit, members: [0] }];
    try {
      return await this.#lasting(units, async () => {
        const passed = await this.#units.apply(units);
        const inbox = passed === "taken" ? undefined : passed.get(0);
        return inbox === undefined ? this.#units.refusal(commit) : committedWith(commit, inbox);
      });
    } catch (error) {
      if (!(error instanceof AgentFlowError) || error instanceof InvariantError) throw error;
      return { kind: "failed", error };
    }
  }

  #lasting<T>(units: readonly CommitUnit[], work: () => Promise<T>): Promise<T> {
    return untilAvailable(work, () => units.every(({ commit }) => this.#waitsWith(commit)));
  }
}

/** Tells of what came in and the run has not seen (S21). */
export function committedWith({ inboxSeen }: RunCommit, inbox: number): CommitResult {
  return inbox > (inboxSeen ?? inbox) ? { kind: "committed", inbox } : committed;
}

function unusableIdentifier({ create, tenant, runId }: RunCommit): CommitResult | undefined {
  if (create === undefined) return undefined;
  try {
    checkIdentifier("tenant", tenant);
    checkIdentifier("runId", runId);
    return undefined;
  } catch (error) {
    if (error instanceof AgentFlowError) return { kind: "failed", error };
    throw error;
  }
}
