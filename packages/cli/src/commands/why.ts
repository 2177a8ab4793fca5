import type { Failure } from "@agentflow/core";
import { createEngine, type Explanation, type OpenFailure, type WaitingFor } from "@agentflow/runtime";
import { commandConfiguration, followUpFlags, textArgument } from "../command-configuration.ts";
import { compensationLines } from "../compensation-lines.ts";
import { withRun } from "../open-runs.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import type { Colors } from "../terminal/output.ts";
import { statusText } from "../terminal/status-text.ts";
import { cutText, oneLine } from "../terminal/text-table.ts";

const payloadMax = 120;
const shownMax = 20;

function causeLines(causes: readonly Failure[]): string[] {
  return causes.map(
    ({ code, name, message }, depth) =>
      `  ${depth === 0 ? "" : `${"  ".repeat(depth - 1)}because `}${code === "AF_THROWN" ? name : code}: ${oneLine(message)}`,
  );
}

function inOrAgo(at: number, now: number): string {
  return at > now ? `in ${formatDuration(at - now)}` : `due for ${formatDuration(now - at)}`;
}

function failureLines({ stepId, attempt, causes, nextAt }: OpenFailure, now: number): string[] {
  const next = nextAt === undefined ? "no further attempt" : `next attempt ${inOrAgo(nextAt, now)}`;
  return [`step ${stepId} failed in attempt ${attempt}; ${next}`, ...causeLines(causes)];
}

function waitLine({ stepId, kind, id, payload, deadline }: WaitingFor, now: number): string {
  const until = deadline === undefined ? "" : `, until its deadline ${inOrAgo(deadline, now)}`;
  const told = cutText(oneLine(JSON.stringify(payload)), payloadMax);
  switch (kind) {
    case "interrupt":
      return `step ${stepId} waits for an answer to ${id}${until}: ${told}`;
    case "event":
      return `step ${stepId} waits for the event ${id}${until}`;
    case "sleep":
      return `step ${stepId} sleeps in ${id}${typeof payload === "number" ? `, which ends ${inOrAgo(payload, now)}` : ""}`;
  }
}

function ownerLine({ owner, recoveries }: Explanation): string {
  const taken = recoveries === 0 ? "" : `; taken over ${recoveries} times without a commit`;
  return owner === undefined
    ? `nobody owns it${taken}`
    : `process ${owner.pid} on ${owner.host} owns it${taken}`;
}

function lines(explanation: Explanation, colors: Colors): string[] {
  const { runId, status, causes, failures, waitsFor, inFlight, wakeAt, now, compensation } = explanation;
  return [
    `${colors.bold(runId)}  ${statusText(status, colors)}`,
    ...(causes.length === 0 ? [] : ["the run failed", ...causeLines(causes)]),
    ...compensationLines(compensation),
    ...failures.flatMap((failure) => failureLines(failure, now)),
    ...waitsFor.map((wait) => waitLine(wait, now)),
    ...inFlight.slice(0, shownMax).map((step) => `step ${step} has not ended`),
    ...(inFlight.length > shownMax ? [`and ${inFlight.length - shownMax} more`] : []),
    ...(wakeAt === undefined ? [] : [`it goes on by itself ${inOrAgo(wakeAt, now)}, once a process has it`]),
    ownerLine(explanation),
  ];
}

/** `af why RUN`: status, causes, attempt, next try, owner and what the run waits for (ENG-56). */
export const why: CommandHandler = async (input, session) => {
  const { output } = session;
  const configuration = await commandConfiguration(input, session);
  const explanation = await withRun(configuration, textArgument(input, "run"), async ({ store, head }) => {
    await using engine = await createEngine({ store, tenant: head.tenant });
    return engine.why(head.runId);
  });
  if (output.json) output.object({ ...explanation, owner: explanation.owner ?? null });
  else for (const line of lines(explanation, output.colors)) output.line(line);
  const { runId, status } = explanation;
  const flags = followUpFlags(configuration);
  const isUndone = explanation.compensation?.report?.failed.length === 0;
  if ((status === "failed" && !isUndone) || status === "paused")
    output.note(`Next: af resume ${runId}${flags}`);
  return exitCodes.ok;
};
