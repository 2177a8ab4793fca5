import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type BenchmarkQuestion, benchmarkQuestions } from "../benchmark-questions.ts";
import { type Figure, type Limit, ratioOfTimes } from "../limit.ts";
import { openSales, ours, timingsOf } from "../measure-questions.ts";
import type { Contender, Measured } from "../measure-rounds.ts";
import type { OpenPeer, Peer } from "../peer.ts";
import { rowDifference } from "../row-difference.ts";
import {
  type BenchmarkContext,
  joinResults,
  type ReadyDataset,
  type Suite,
  type SuiteResult,
} from "../suite.ts";

const asked = ["revenue-by-region-and-year", "category-by-quarter", "moving-average", "ranking"];

/** The same questions asked of other systems, in turn with ours (OLP-24). */
export const peers: Suite = {
  describes: "the same questions asked of other systems, over the same files",
  wishes: (rows) => [{ rows }],
  run: async (context) => {
    const ready = context.dataset({ rows: context.rows });
    const { opened, notes } = await openPeers(context, ready);
    using dataset = await openSales(context, ready);
    try {
      const results: Partial<SuiteResult>[] = [];
      for (const question of benchmarkQuestions.filter(({ id }) => asked.includes(id))) {
        context.progress(`${question.id} by AgentFlow, ${opened.map(({ peer }) => peer.name).join(", ")}`);
        const { able, failures } = await trial(opened, question);
        const measured = await context.measure([
          ours(dataset, question, `${question.id}, AgentFlow`),
          ...able.map((each) => contenderOf(each, question)),
        ]);
        const [own, ...others] = measured;
        if (own === undefined) continue;
        results.push(
          { notes: failures },
          timingsOf(measured),
          ...able.map(({ peer }, index) =>
            against(question, own, { peer, other: others[index], rows: context.rows }),
          ),
        );
      }
      return joinResults([{ notes }, ...results]);
    } finally {
      for (const { system } of opened) await system[Symbol.asyncDispose]();
    }
  },
};

interface Opened {
  readonly peer: Peer;
  readonly system: OpenPeer;
}

async function openPeers(
  { peers: known, rows, duck, scratch, progress }: BenchmarkContext,
  { directory }: ReadyDataset,
): Promise<{ readonly opened: readonly Opened[]; readonly notes: readonly string[] }> {
  const opened: Opened[] = [];
  const notes: string[] = [];
  for (const [index, peer] of known.entries()) {
    if (rows > (peer.rowsMax ?? Number.POSITIVE_INFINITY)) {
      notes.push(`${peer.name} is not asked about more than ${peer.rowsMax?.toLocaleString("en")} rows.`);
      continue;
    }
    progress(`${peer.name} is made ready`);
    const folder = join(scratch, `peer-${index}`);
    await mkdir(folder, { recursive: true });
    try {
      const system = await peer.open({ directory, duck, scratch: folder });
      opened.push({ peer, system });
      notes.push(`${peer.name} is version ${system.version}.`);
    } catch (error) {
      // One that is not installed, or does not start, is named; the rest goes on.
      notes.push(`${peer.name} was not measured: ${messageOf(error)}`);
    }
  }
  return { opened, notes };
}

/** Asks each peer once, so that one that cannot answer does not end the benchmark. */
async function trial(
  opened: readonly Opened[],
  question: BenchmarkQuestion,
): Promise<{ readonly able: readonly Opened[]; readonly failures: readonly string[] }> {
  const able: Opened[] = [];
  const failures: string[] = [];
  for (const each of opened) {
    try {
      await each.system.answer(question);
      able.push(each);
    } catch (error) {
      failures.push(`${each.peer.name} did not answer ${question.id}: ${messageOf(error)}`);
    }
  }
  return { able, failures };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function contenderOf({ peer, system }: Opened, question: BenchmarkQuestion): Contender {
  return { name: `${question.id}, ${peer.name}`, work: () => system.answer(question) };
}

function against(
  { id }: BenchmarkQuestion,
  own: Measured,
  { peer, other, rows }: { readonly peer: Peer; readonly other: Measured | undefined; readonly rows: number },
): Partial<SuiteResult> {
  if (other === undefined) return {};
  const name = `${other.name} / AgentFlow`;
  const value = other.timing.p50Ms / own.timing.p50Ms;
  const difference = rowDifference(own.rows, other.rows);
  const figure: Figure = { name, value, unit: "x", better: "higher" };
  const limit = peer.limits?.[id];
  const held: Limit[] =
    limit === undefined
      ? []
      : [ratioOfTimes(rows, { name, rule: "ratio", measured: value, bound: "at least", limit, unit: "x" })];
  return {
    figures: [figure],
    limits: held,
    faults: difference === undefined ? [] : [`${other.name}: ${difference}`],
  };
}
