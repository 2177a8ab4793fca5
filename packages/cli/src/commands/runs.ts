import type { RunHead, RunStatus } from "@agentflow/core";
import {
  commandConfiguration,
  followUpFlags,
  listOption,
  quoted,
  textOption,
} from "../command-configuration.ts";
import { numberOption } from "../number-option.ts";
import { withRuns } from "../open-runs.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import type { Colors } from "../terminal/output.ts";
import { statusText } from "../terminal/status-text.ts";
import { textTable } from "../terminal/text-table.ts";
import { timeOption } from "../time-option.ts";

function listed(head: RunHead): object {
  return {
    runId: head.runId,
    workflow: head.workflow,
    version: head.version,
    status: head.status,
    steps: head.steps,
    createdAt: new Date(head.createdAt).toISOString(),
    updatedAt: new Date(head.updatedAt).toISOString(),
    durationMs: head.updatedAt - head.createdAt,
  };
}

function row(head: RunHead, colors: Colors): string[] {
  return [
    head.runId,
    head.workflow,
    statusText(head.status, colors),
    String(head.steps),
    new Date(head.createdAt).toISOString().slice(0, 19).replace("T", " "),
    formatDuration(head.updatedAt - head.createdAt),
  ];
}

/** The filters given, as words of the command that shows the next page. */
function filterWords(input: CommandInput): string {
  return ["status", "workflow", "since", "until", "limit"]
    .flatMap((name) =>
      [input.options[name] ?? []].flat().map((value) => ` --${name} ${quoted(String(value))}`),
    )
    .join("");
}

/** `af runs`: the runs of the store, newest first. */
export const runs: CommandHandler = async (input, session) => {
  const { output } = session;
  const limit = numberOption(input, "limit", { fallback: 20, min: 1, max: 1_000 });
  const configuration = await commandConfiguration(input, session);
  const status = listOption(input, "status") as readonly RunStatus[];
  const workflow = textOption(input, "workflow");
  const after = textOption(input, "after");
  const createdAfter = timeOption(input, "since", Date.now());
  const createdBefore = timeOption(input, "until", Date.now());
  const heads = await withRuns(configuration, (store, tenant) =>
    store.runs.listRuns({
      tenant,
      limit,
      ...(status.length === 0 ? {} : { status }),
      ...(workflow === undefined ? {} : { workflow }),
      // A run of the given millisecond itself is one since then.
      ...(createdAfter === undefined ? {} : { createdAfter: createdAfter - 1 }),
      ...(createdBefore === undefined ? {} : { createdBefore }),
      ...(after === undefined ? {} : { after }),
    }),
  );
  if (output.json) {
    output.object((heads ?? []).map(listed));
    return exitCodes.ok;
  }
  if (heads === undefined || heads.length === 0) {
    output.note("No runs here. Start one: af run FILE");
    return exitCodes.ok;
  }
  const titles = [
    { title: "RUN" },
    { title: "WORKFLOW" },
    { title: "STATUS" },
    { title: "STEPS", align: "right" },
    { title: "STARTED (UTC)" },
    { title: "TOOK", align: "right" },
  ] as const;
  const rows = heads.map((head) => row(head, output.colors));
  for (const line of textTable(titles, rows)) output.line(line);
  const last = heads.at(-1);
  if (heads.length === limit && last !== undefined) {
    const same = `${filterWords(input)}${followUpFlags(configuration)}`;
    output.note(`More: af runs --after ${last.runId}${same}`);
  }
  return exitCodes.ok;
};
