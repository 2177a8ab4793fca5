import { resolve } from "node:path";
import {
  finishedStatuses,
  type RunHead,
  type RunStatus,
  runStatuses,
  type StoreBackend,
} from "@agentflow/core";
import { type Backtest, createEngine, loadWorkflow } from "@agentflow/runtime";
import { commandConfiguration, listOption, textArgument, textOption } from "../command-configuration.ts";
import { findRun } from "../find-run.ts";
import { numberOption } from "../number-option.ts";
import { withRuns } from "../open-runs.ts";
import { replayLines } from "../replay-report.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import type { Colors } from "../terminal/output.ts";
import { statusText } from "../terminal/status-text.ts";
import { oneLine } from "../terminal/text-table.ts";
import { timeOption } from "../time-option.ts";

const pageRuns = 200;

const groups: Readonly<Record<string, readonly RunStatus[]>> = {
  all: runStatuses,
  finished: finishedStatuses,
  open: runStatuses.filter((status) => !finishedStatuses.some((finished) => finished === status)),
  ...Object.fromEntries(runStatuses.map((status) => [status, [status]])),
};

/** The runs of a workflow that the filters mean, newest first. */
async function* meantRuns(
  { runs }: StoreBackend,
  tenant: string,
  { input, workflow }: { readonly input: CommandInput; readonly workflow: string },
): AsyncGenerator<RunHead, void, void> {
  const filters = listOption(input, "runs");
  const named = filters.filter((filter) => !Object.hasOwn(groups, filter));
  for (const given of named) yield await findRun(runs, tenant, given);
  const wanted = filters.length === 0 ? ["all"] : filters.filter((filter) => Object.hasOwn(groups, filter));
  if (wanted.length === 0) return;
  const status = [...new Set(wanted.flatMap((filter) => groups[filter] ?? []))];
  const createdAfter = timeOption(input, "since", Date.now());
  let left = numberOption(input, "limit", { fallback: 100, min: 1, max: 100_000 });
  for (let after: string | undefined; left > 0; ) {
    const page = await runs.listRuns({
      tenant,
      workflow,
      status,
      limit: Math.min(left, pageRuns),
      ...(createdAfter === undefined ? {} : { createdAfter: createdAfter - 1 }),
      ...(after === undefined ? {} : { after }),
    });
    yield* page;
    left -= page.length;
    after = page.at(-1)?.runId;
    if (page.length < pageRuns) return;
  }
}

function lines({ runId, status, verdict, steps, divergence, failure }: Backtest, colors: Colors): string[] {
  const breaks = verdict === "diverges" || verdict === "refused";
  const said = breaks ? colors.red(verdict) : verdict === "same" ? colors.green(verdict) : verdict;
  const head = `${said}  ${runId}  ${statusText(status, colors)}  ${formatCount(steps, "step")}`;
  if (failure !== undefined) return [head, `  ${failure.code}: ${oneLine(failure.message)}`];
  if (divergence === undefined) return [head];
  const [, ...rest] = replayLines({ runId, matches: false, steps, unchecked: 0, effects: 0, divergence });
  return [head, `  at step ${divergence.stepId}, in ${divergence.field}`, ...rest.map((line) => `  ${line}`)];
}

/** `af backtest FILE`: holds stored and in-flight runs against new code, and names what breaks (ENG-54). */
export const backtest: CommandHandler = async (input, session) => {
  const { output } = session;
  const configuration = await commandConfiguration(input, session);
  const file = resolve(session.directory, textArgument(input, "file"));
  const { workflow } = await loadWorkflow(file, textOption(input, "export"));
  const results: Backtest[] = [];
  await withRuns(configuration, async (store, tenant) => {
    await using engine = await createEngine({ store, tenant });
    for await (const head of meantRuns(store, tenant, { input, workflow: workflow.name })) {
      const result = await engine.backtest(head.runId, workflow);
      results.push(result);
      if (!output.json) for (const line of lines(result, output.colors)) output.line(line);
    }
  });
  const broken = results.filter(({ verdict }) => verdict === "diverges" || verdict === "refused").length;
  if (output.json)
    output.object({ workflow: workflow.name, version: workflow.version, broken, runs: results });
  else if (results.length === 0) output.note(`No runs of ${workflow.name} here.`);
  else output.note(`${formatCount(results.length, "run")} of ${workflow.name}, ${broken} would break.`);
  return broken === 0 ? exitCodes.ok : exitCodes.runFailed;
};
