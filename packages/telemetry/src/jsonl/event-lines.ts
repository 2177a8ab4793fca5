import { endsRow, eventProblem, type RecordEvent } from "@agentflow/core";

/** One event as a line of `events.jsonl`. */
export function eventLine(event: RecordEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** What a text of event lines holds, up to the last whole row before any damage. */
export interface EventLines {
  readonly events: readonly RecordEvent[];
  /** Bytes of the lines that hold `events`. */
  readonly sizeBytes: number;
  /** What is wrong after them: a torn end, which is what a crash leaves, or a line that is broken. */
  readonly damage?: { readonly kind: "torn" | "broken"; readonly line: number; readonly problem: string };
}

/** Reads event lines, valid, of one run and dense in seq from 1, as far as they are whole rows. */
export function readEventLines(bytes: Buffer): EventLines {
  const events: RecordEvent[] = [];
  let [start, rows, rowsBytes] = [0, 0, 0];
  let damage: EventLines["damage"];
  while (start < bytes.length && damage === undefined) {
    const line = events.length + 1;
    const end = bytes.indexOf(0x0a, start);
    const read =
      end === -1 ? "the line has no end" : readLine(bytes.toString("utf8", start, end), events.at(-1));
    if (typeof read === "string") {
      damage = { kind: end === -1 ? "torn" : "broken", line, problem: read };
    } else {
      events.push(read);
      start = end + 1;
      if (endsRow(read)) [rows, rowsBytes] = [events.length, start];
    }
  }
  if (damage === undefined && rows < events.length) {
    damage = { kind: "torn", line: events.length, problem: "the row that it belongs to does not end" };
  }
  return { events: events.slice(0, rows), sizeBytes: rowsBytes, ...(damage === undefined ? {} : { damage }) };
}

function readLine(text: string, previous: RecordEvent | undefined): RecordEvent | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is no JSON (${error instanceof Error ? error.message : String(error)})`;
  }
  const problem = eventProblem(value);
  if (problem !== undefined) return problem;
  const event = value as RecordEvent;
  const expected = (previous?.seq ?? 0) + 1;
  if (event.seq !== expected) return `event ${expected} is missing: the next one is ${event.seq}`;
  if (previous !== undefined && previous.runId !== event.runId) return "it is of another run";
  return event;
}
