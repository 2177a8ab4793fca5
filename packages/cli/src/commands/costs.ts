import { type CostKey, type CostTotal, CostTotals, dollarsText, readLedger } from "@agentflow/models";
import { commandConfiguration, textOption } from "../command-configuration.ts";
import { findRun } from "../find-run.ts";
import { withRuns } from "../open-runs.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { textTable } from "../terminal/text-table.ts";
import { timeOption } from "../time-option.ts";

interface Costs {
  readonly totals: readonly CostTotal[];
  readonly all: CostTotal | undefined;
}

function asJson({ costNanos, ...total }: CostTotal): object {
  return { ...total, costNanos, costDollars: dollarsText(costNanos) };
}

function cells(total: CostTotal): string[] {
  const { key, calls, failed, inputTokens, cachedTokens, outputTokens, costNanos, unpriced } = total;
  const counts = [calls, failed, inputTokens, cachedTokens, outputTokens].map(String);
  // What has no known price is not free: it is said beside the sum that leaves it out.
  const cost = `$${dollarsText(costNanos)}${unpriced === 0 ? "" : ` + ${unpriced} unpriced`}`;
  return [key, ...counts, cost];
}

/** `af costs`: what calls of models took and cost, read off the runs' records. */
export const costs: CommandHandler = async (input, session) => {
  const { output } = session;
  const by = (textOption(input, "by") ?? "model") as CostKey;
  const configuration = await commandConfiguration(input, session);
  const given = textOption(input, "run");
  const createdAfter = timeOption(input, "since", Date.now());
  const createdBefore = timeOption(input, "until", Date.now());
  const found = await withRuns<Costs>(configuration, async ({ runs }, tenant) => {
    const runId = given === undefined ? undefined : (await findRun(runs, tenant, given)).runId;
    const workflow = textOption(input, "workflow");
    const after = createdAfter === undefined ? undefined : createdAfter - 1;
    const query = { tenant, runId, workflow, createdAfter: after, createdBefore };
    const [sums, all] = [new CostTotals(by), new CostTotals()];
    for await (const entry of readLedger(runs, query)) {
      sums.add(entry);
      all.add(entry);
    }
    return { totals: sums.totals(), all: all.totals()[0] };
  });
  const { totals, all }: Costs = found ?? { totals: [], all: undefined };
  if (output.json) {
    output.object({ by, totals: totals.map(asJson), total: all === undefined ? null : asJson(all) });
    return exitCodes.ok;
  }
  if (all === undefined) {
    output.note("No run here has called a model.");
    return exitCodes.ok;
  }
  const right = { align: "right" } as const;
  const titles = [
    { title: by.toUpperCase() },
    { title: "CALLS", ...right },
    { title: "FAILED", ...right },
    { title: "IN", ...right },
    { title: "CACHED", ...right },
    { title: "OUT", ...right },
    { title: "COST", ...right },
  ] as const;
  const rows = totals.map(cells);
  for (const line of textTable(titles, rows.length > 1 ? [...rows, cells(all)] : rows)) output.line(line);
  return exitCodes.ok;
};
