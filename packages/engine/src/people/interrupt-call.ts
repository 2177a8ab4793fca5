import {
  deadlineSender,
  type EncodedJson,
  encodeJson,
  type InboxRow,
  type InterruptDeclaration,
  type InterruptOptions,
  type JournalEntry,
  type Json,
  ValidationError,
} from "@agentflow/core";
import type { Call } from "../journal/step-journal.ts";
import type { Attempt } from "../step/attempt.ts";
import { nextTurn } from "../step/call-outside.ts";
import { checkName } from "../step/check-call.ts";
import { parsed } from "../step/recorded-value.ts";
import type { StepHost } from "../step/step-host.ts";
import { never, recordEntry, recordedValue } from "../step/step-record.ts";
import { checkSchema } from "./check-schema.ts";
import { deadlineOf, type EndedWait, endOf, expiredJson, interruptPatience } from "./deadline.ts";

/** One `ctx.interrupt` call as its author wrote it. */
export interface InterruptRequest {
  readonly declaration: InterruptDeclaration<unknown, unknown>;
  readonly payload: unknown;
  readonly options: InterruptOptions<unknown>;
}

/** An interrupt that has been asked and is not answered in the record. */
interface OpenCall {
  readonly attempt: Attempt;
  readonly host: StepHost;
  readonly declaration: InterruptDeclaration<unknown, unknown>;
  readonly id: string;
  readonly asked: Call;
  readonly answered: Call;
  readonly begun: JournalEntry;
  readonly otherwise: string;
  /** Ids of inbox rows whose answers the record says were refused. */
  readonly refused: Set<number>;
}

/**
 * Asks people, and resolves to what the answer schema made of the answer, or to the default (S13).
 *
 * 1. What counts is the first row of the inbox that is an answer: a person's, or that of the deadline. So whoever is
 *    told that an answer was stored is told the truth, and a crash between the row and the record changes nothing.
 * 2. The record holds the value after the schema: a re-execution asks no schema.
 * 3. A refused answer is in the record before its row in the inbox makes room for another.
 */
export async function callInterrupt(
  attempt: Attempt,
  host: StepHost,
  { declaration, payload, options }: InterruptRequest,
): Promise<unknown> {
  const { task } = attempt;
  const { name } = declaration;
  checkName("interrupt", name);
  const { waitMs, otherwise } = interruptPatience(options, host.clock.now());
  const given = encodeJson(payload ?? null, `payload of interrupt "${name}"`);
  const asked = task.journal.call("interrupt", name, "");
  const answered = task.journal.call("answer", name, "");
  const refused = new Set(task.journal.refusals(name, asked.nth).map(({ inbox = 0 }) => inbox));
  const id = `${task.stepId}#${name}[${asked.nth}]`;
  const settled = (entry: Json): Json => endOf(entry as EndedWait, `Nobody answered ${id}`);
  if (answered.found !== undefined) return settled(await recordedValue(attempt, host, answered.found));
  let begun = asked.found;
  if (begun === undefined) {
    const ask = declaration.ask === undefined ? given : await checkedAsk(attempt, host, declaration, given);
    if (attempt.isOver) return never();
    host.beforeCall(task, { kind: "interrupt", name, inputHash: "", input: ask.value });
    await host.whenDurable(task);
    if (attempt.isOver) return never();
    const parts = { kind: "interrupt", name, inputHash: "", call: asked, json: ask.json } as const;
    begun = recordEntry(attempt, host, { ...parts, durationMs: waitMs });
  }
  const call: OpenCall = { attempt, host, declaration, id, asked, answered, begun, otherwise, refused };
  const entry = await takeAnswer(call);
  return entry === undefined ? never() : settled(parsed(entry));
}

/** What is asked, as the schema gives it. Throws ValidationError (AF_ASK_INVALID). */
async function checkedAsk(
  attempt: Attempt,
  host: StepHost,
  { name, ask }: InterruptDeclaration<unknown, unknown>,
  given: EncodedJson,
): Promise<EncodedJson> {
  const checked = await underWay(attempt, host, () => checkSchema(ask, given.value));
  if (checked.problems === undefined)
    return encodeJson(checked.value ?? null, `payload of interrupt "${name}"`);
  const { problems } = checked;
  const message = `What interrupt "${name}" asks does not match its schema: ${problems.join("; ")}.`;
  throw new ValidationError("AF_ASK_INVALID", message, {
    context: { interrupt: name, problems: [...problems] },
  });
}

/** A schema may take its time: meanwhile the step counts as busy, although other calls of it may wait. */
async function underWay<T>(attempt: Attempt, host: StepHost, work: () => Promise<T>): Promise<T> {
  host.ioStarted(attempt);
  try {
    return await work();
  } finally {
    host.ioEnded(attempt);
  }
}

/** The entry of the first answer that counts; undefined if the step parks for one, or is over. */
async function takeAnswer(call: OpenCall): Promise<JournalEntry | undefined> {
  const { attempt, host, begun } = call;
  const deadline = deadlineOf(begun);
  for (;;) {
    if (attempt.isOver) return undefined;
    let row = host.inbox.answerTo(call.id);
    if (row === undefined && deadline !== undefined && host.inbox.isDue(deadline))
      row = await host.inbox.expire(attempt, call.id, call.otherwise);
    if (row === undefined) {
      park(call, deadline);
      return undefined;
    }
    const entry = await takeRow(call, row);
    if (entry !== undefined) return entry;
  }
}

/** The entry of a row's answer; undefined if the interrupt refuses it, or the attempt is over. */
async function takeRow(call: OpenCall, row: InboxRow): Promise<JournalEntry | undefined> {
  const { attempt, host, declaration, refused } = call;
  if (row.by === deadlineSender) return recordAnswer(call, row, expiredJson(row.value));
  const { answer: schema } = declaration;
  if (schema === undefined) return recordAnswer(call, row, `{${byOf(row)}"value":${row.value}}`);
  if (!refused.has(row.id)) {
    const given = JSON.parse(row.value) as Json;
    const checked = await underWay(attempt, host, () => checkSchema(schema, given));
    if (attempt.isOver) return undefined;
    if (checked.problems === undefined) {
      const { json } = encodeJson(checked.value ?? null, `answer to ${call.id}`);
      return recordAnswer(call, row, `{${byOf(row)}"value":${json}}`);
    }
    recordRefusal(call, row, checked.problems);
    refused.add(row.id);
  }
  await host.whenDurable(attempt.task);
  if (!attempt.isOver) await host.inbox.refuse(attempt, row);
  return undefined;
}

async function recordAnswer(call: OpenCall, row: InboxRow, json: string): Promise<JournalEntry | undefined> {
  const { attempt, host, declaration, asked, answered } = call;
  const turn = nextTurn(attempt, host);
  if (turn !== undefined) await turn;
  if (attempt.isOver) return undefined;
  const parts = { kind: "answer", name: declaration.name, inputHash: "", call: answered, json } as const;
  return recordEntry(attempt, host, { ...parts, inbox: row.id, ends: asked.index });
}

function recordRefusal(call: OpenCall, row: InboxRow, problems: readonly string[]): void {
  const { attempt, host, declaration, asked } = call;
  const place = { index: attempt.task.journal.nextIndex(), nth: asked.nth };
  const json = `{${byOf(row)}"problems":${JSON.stringify(problems)},"value":${row.value}}`;
  const parts = { kind: "refused", name: declaration.name, inputHash: "", call: place, json } as const;
  recordEntry(attempt, host, { ...parts, inbox: row.id });
}

function park(
  { attempt, host, declaration, id, asked, begun }: OpenCall,
  deadline: number | undefined,
): void {
  const { answer: schema } = declaration;
  host.park(attempt, { kind: "answer", key: id, entry: asked.index, at: begun.at, deadline, schema });
}

function byOf({ by }: InboxRow): string {
  return by === undefined ? "" : `"by":${JSON.stringify(by)},`;
}
