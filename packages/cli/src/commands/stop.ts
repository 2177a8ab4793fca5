import { setTimeout } from "node:timers/promises";
import {
  type RunHead,
  RunOwnedError,
  RunStatusError,
  type StoreBackend,
  WorkflowFileError,
} from "@agentflow/core";
import { type Configuration, createEngine } from "@agentflow/runtime";
import { commandConfiguration, textArgument } from "../command-configuration.ts";
import { withRun } from "../open-runs.ts";
import { loadRunWorkflow } from "../run-workflow.ts";
import { senderOf } from "../sender.ts";
import type { Session } from "../session.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { statusText } from "../terminal/status-text.ts";

type Kind = "cancel" | "pause";

const wanted = { cancel: "cancelled", pause: "paused" } as const;
/** How long the process that has the run is waited for: it looks at its inbox every 2 s. */
const ownerWaitMs = 5_000;
const pollMs = 100;

interface Stopping {
  readonly kind: Kind;
  readonly store: StoreBackend;
  readonly head: RunHead;
  readonly configuration: Configuration;
  readonly input: CommandInput;
  readonly session: Session;
}

async function stop(kind: Kind, input: CommandInput, session: Session): Promise<number> {
  const { output } = session;
  const configuration = await commandConfiguration(input, session);
  const head = await withRun(configuration, textArgument(input, "run"), (found) =>
    stopRun({ kind, ...found, configuration, input, session }),
  );
  const { runId, status } = head;
  const isDone = status === wanted[kind];
  if (output.json) output.object({ runId, status, asked: kind });
  output.note(`${statusText(status, output.noteColors)}  ${runId}`);
  if (!isDone) output.note(`It has been asked to ${kind}; whoever goes on with the run does so first.`);
  return isDone ? exitCodes.ok : exitCodes.runFailed;
}

/** Asks for it, and sees to it where nobody else has the run; resolves to the run as it is then. */
async function stopRun(stopping: Stopping): Promise<RunHead> {
  const { kind, store, head, input } = stopping;
  if (head.status === wanted[kind]) return head;
  checkCanStop(kind, head);
  await using engine = await createEngine({ store, tenant: head.tenant });
  await engine.request(head.runId, kind, senderOf(input));
  const heard = head.owner === undefined ? head : await awaitOwner(store, head, kind);
  if (heard.status === wanted[kind]) return heard;
  await takeAndStop(stopping);
  return (await store.runs.readHead(head.tenant, head.runId)) ?? heard;
}

function checkCanStop(kind: Kind, { runId, status }: RunHead): void {
  const isOver = status === "succeeded" || status === "cancelled";
  if (!isOver && (kind === "cancel" || status !== "failed")) return;
  throw new RunStatusError(`Run ${runId} has ${status}: there is nothing to ${kind}.`, {
    context: { runId, status },
  });
}

async function awaitOwner(store: StoreBackend, head: RunHead, kind: Kind): Promise<RunHead> {
  const end = performance.now() + ownerWaitMs;
  for (;;) {
    const now = (await store.runs.readHead(head.tenant, head.runId)) ?? head;
    if (now.status === wanted[kind] || now.owner === undefined || performance.now() > end) return now;
    await setTimeout(pollMs);
  }
}

/** Takes a run that nobody has, which does what its inbox asks before anything else. Leaves it to others if it cannot. */
async function takeAndStop({ store, head, configuration, input, session }: Stopping): Promise<void> {
  const { output } = session;
  try {
    const { workflow } = await loadRunWorkflow(head, input, session);
    await using engine = await createEngine(configuration.options, { store });
    const run = await engine.resume(head.runId, workflow, { allowVersionMismatch: true });
    await run.settled();
  } catch (error) {
    if (error instanceof RunOwnedError || error instanceof WorkflowFileError) output.note(error.message);
    else throw error;
  }
}

/** `af cancel RUN` (S21). */
export const cancel: CommandHandler = (input, session) => stop("cancel", input, session);

/** `af pause RUN` (S21). */
export const pause: CommandHandler = (input, session) => stop("pause", input, session);
