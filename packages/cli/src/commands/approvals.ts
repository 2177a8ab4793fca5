import { setTimeout } from "node:timers/promises";
import { type Approval, createEngine, type Engine } from "@agentflow/runtime";
import { commandConfiguration, followUpFlags, textOption } from "../command-configuration.ts";
import { onInterruption } from "../interruption.ts";
import { numberOption } from "../number-option.ts";
import { withRuns } from "../open-runs.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import type { Output } from "../terminal/output.ts";
import { cutText, oneLine, textTable } from "../terminal/text-table.ts";

const payloadMax = 60;
const pollMs = 1_000;
const pageMax = 1_000;

const titles = [
  { title: "RUN" },
  { title: "INTERRUPT" },
  { title: "WORKFLOW" },
  { title: "WAITS", align: "right" },
  { title: "DEADLINE" },
  { title: "ASKS" },
] as const;

function row({ runId, id, workflow, askedAt, deadline, payload }: Approval, now: number): string[] {
  const left = deadline === undefined ? "" : deadline - now;
  const until = typeof left === "number" ? (left > 0 ? `in ${formatDuration(left)}` : "passed") : left;
  const asks = cutText(oneLine(JSON.stringify(payload)), payloadMax);
  return [runId, id, workflow, formatDuration(Math.max(0, now - askedAt)), until, asks];
}

/** `af approvals`: the interrupts of all runs that wait for an answer, the oldest first (ENG-40). */
export const approvals: CommandHandler = async (input, session) => {
  const { output } = session;
  const limit = numberOption(input, "limit", { fallback: 20, min: 1, max: pageMax });
  const workflow = textOption(input, "workflow");
  const configuration = await commandConfiguration(input, session);
  const follow = input.options["follow"] === true;
  const work = async (engine: Engine): Promise<number> => {
    if (follow) return followNew(engine, workflow, output);
    const found = await engine.approvals({ workflow, limit });
    print(found, output);
    const [first] = found;
    const flags = followUpFlags(configuration);
    if (first !== undefined && !output.json)
      output.note(`Next: af approve ${first.runId} '${first.id}'${flags}, or af reject, or af answer`);
    return exitCodes.ok;
  };
  const code = await withRuns(configuration, async (store, tenant) => {
    await using engine = await createEngine({ store, tenant });
    return work(engine);
  });
  if (code === undefined) print([], output);
  return code ?? exitCodes.ok;
};

function print(found: readonly Approval[], output: Output): void {
  if (output.json) output.object(found);
  else if (found.length === 0) output.note("Nothing waits for an answer.");
  else
    for (const line of textTable(
      titles,
      found.map((each) => row(each, Date.now())),
    ))
      output.line(line);
}

/** Prints what waits and then what comes, until it is interrupted or nobody reads any more. */
async function followNew(engine: Engine, workflow: string | undefined, output: Output): Promise<number> {
  let isStopped = false;
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  using _interruption = onInterruption(() => {
    isStopped = true;
    resolve();
  });
  let seen = new Set<string>();
  while (!output.closed && !isStopped) {
    const open = await allOpen(engine, workflow);
    for (const each of open) {
      if (seen.has(keyOf(each))) continue;
      if (output.json) output.object(each);
      else
        output.line(
          row(each, Date.now())
            .filter((cell) => cell !== "")
            .join("  "),
        );
    }
    // One that was answered and refused is open again, and shown again.
    seen = new Set(open.map(keyOf));
    await Promise.race([setTimeout(pollMs), stopped]);
  }
  return isStopped ? exitCodes.interrupted : exitCodes.ok;
}

async function allOpen(engine: Engine, workflow: string | undefined): Promise<readonly Approval[]> {
  const all: Approval[] = [];
  for (;;) {
    const page = await engine.approvals({ workflow, limit: pageMax, after: all.at(-1) });
    all.push(...page);
    if (page.length < pageMax) return all;
  }
}

function keyOf({ runId, id }: Approval): string {
  return `${runId} ${id}`;
}
