import {
  AgentFlowError,
  type CommitResult,
  InvariantError,
  invariant,
  type RunCommit,
} from "@agentflow/core";
import { checkIdentifier } from "../rows/identifiers.ts";
import { type CommitUnit, commitUnits } from "./commit-units.ts";

/** How a database applies commits and says why it refused one. Both throw typed errors. */
export interface UnitWriter {
  /**
   * Applies units of distinct runs, each behind its fence, in one transaction; returns the places of those that
   * passed. `taken`: a primary key refused a row, and nothing was applied. May be called again with the same units.
   */
  apply(units: readonly CommitUnit[]): Promise<ReadonlySet<number> | "taken">;
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
 */
export class GroupWriter {
  readonly #units: UnitWriter;

  constructor(units: UnitWriter) {
    this.#units = units;
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
    for (const [place, { members }] of units.entries()) {
      if (passed.has(place)) for (const member of members) report(member, committed);
      else for (const member of members) report(member, await this.#alone(group[member] as RunCommit));
    }
  }

  /** The places of the units that passed; none when one of several units met an error. */
  async #together(units: readonly CommitUnit[]): Promise<ReadonlySet<number>> {
    const nothing = new Set<number>();
    // A single member is applied where its error can be told.
    if (units.length === 1 && units[0]?.members.length === 1) return nothing;
    try {
      const passed = await this.#units.apply(units);
      return passed === "taken" ? nothing : passed;
    } catch (error) {
      if (error instanceof InvariantError) throw error;
      // What went wrong comes back with the member that it happens to again.
      return nothing;
    }
  }

  async #alone(commit: RunCommit): Promise<CommitResult> {
    try {
      const passed = await this.#units.apply([{ commit, members: [0] }]);
      if (passed !== "taken" && passed.has(0)) return committed;
      return await this.#units.refusal(commit);
    } catch (error) {
      if (!(error instanceof AgentFlowError) || error instanceof InvariantError) throw error;
      return { kind: "failed", error };
    }
  }
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
