import { interceptBackend } from "@agentflow/contracts";
import type { Json, RunCommit, StoreBackend } from "@agentflow/core";

/** A back end that tells what it commits, and whether it has anything under way. */
export interface ObservedBackend {
  readonly backend: StoreBackend;
  /** Resolves when nothing that a process gave the store, before it ended perhaps, is under way. */
  settled(): Promise<void>;
}

/**
 * Calls back with each commit that the store applied, and with each that it found to be stored already, before whoever
 * made it hears of it.
 */
export function observeCommits(
  backend: StoreBackend,
  onCommitted: (member: RunCommit) => void = () => undefined,
  onDuplicate: (member: RunCommit) => void = () => undefined,
): ObservedBackend {
  const { runs } = backend;
  const underWay = new Set<Promise<unknown>>();
  const track = <T>(answer: Promise<T>): Promise<T> => {
    const tracked = answer.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  };
  const observed: StoreBackend["runs"] = {
    capabilities: runs.capabilities,
    commit: (members) => {
      const answer = runs.commit(members);
      const note = (results: Awaited<typeof answer>): typeof results => {
        for (const [index, member] of members.entries()) {
          if (results[index]?.kind === "committed") onCommitted(member);
          else if (results[index]?.kind === "duplicate") onDuplicate(member);
        }
        return results;
      };
      return answer instanceof Promise ? track(answer.then(note)) : note(answer);
    },
    transact: async (work, finish, durability) => {
      let member: RunCommit | undefined;
      const finishing = (value: Json): RunCommit => {
        member = finish(value);
        return member;
      };
      const transacted = runs.transact(work, finishing, durability);
      const result = await track(transacted);
      if (result.kind === "committed" && member !== undefined) onCommitted(member);
      if (result.kind === "duplicate" && member !== undefined) onDuplicate(member);
      return result;
    },
    readHead: (tenant, runId) => runs.readHead(tenant, runId),
    readScope: (request) => runs.readScope(request),
    readRecords: (request) => runs.readRecords(request),
    readBlobs: (tenant, runId, hashes) => runs.readBlobs(tenant, runId, hashes),
    listRuns: (query) => runs.listRuns(query),
    readDefinition: (tenant, fingerprint) => runs.readDefinition(tenant, fingerprint),
    awayMs: () => runs.awayMs?.() ?? 0,
    close: () => runs.close(),
  };
  const { owners } = interceptBackend(backend, (_, work) => {
    const answer = work();
    return answer instanceof Promise ? track(answer) : answer;
  });
  return {
    backend: { ...backend, runs: observed, owners },
    settled: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
