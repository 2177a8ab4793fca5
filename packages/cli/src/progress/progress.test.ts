import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { mock, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { JsonObject, RecordEvent, RunEvent } from "@agentflow/core";
import pc from "picocolors";
import { Output, type TextStream } from "../terminal/output.ts";
import { eventLine } from "./line-progress.ts";
import { progressOn } from "./progress.ts";
import { StepBoard } from "./step-board.ts";
import { chooseSteps, stepTable } from "./step-table.ts";

const colors = pc.createColors(false);
let seq = 0;

function recorded(type: RecordEvent["type"], step: string | undefined, data: JsonObject = {}): RecordEvent {
  seq += 1;
  const ts = "2026-11-20T09:30:00.250Z";
  return {
    ts,
    seq,
    epoch: 1,
    level: "INFO",
    runId: "r",
    type,
    ...(step === undefined ? {} : { step }),
    data,
  };
}

function live(type: "step.running" | "step.skipped", step: string): RunEvent {
  return { ts: "2026-11-20T09:30:00.000Z", runId: "r", type, step };
}

class Sink extends EventEmitter implements TextStream {
  readonly isTTY: boolean;
  readonly columns = 60;
  readonly rows = 10;
  text = "";
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

function outputOn(isTTY: boolean): { output: Output; sink: Sink } {
  const sink = new Sink(isTTY);
  const stdout = new Sink(false);
  return {
    sink,
    output: new Output({ stdout, stderr: sink, json: false, colorStdout: false, colorStderr: false }),
  };
}

function boardOf(...events: readonly RunEvent[]): StepBoard {
  const board = new StepBoard();
  for (const event of events) board.apply(event);
  return board;
}

test("a step is shown as its last event tells it", () => {
  const board = boardOf(
    live("step.running", "0.a"),
    recorded("step.started", "0.a"),
    recorded("step.retried", "0.a", { attempt: 1, failure: { message: "busy" } }),
    recorded("step.succeeded", "0.a", { attempt: 2, durationMs: 30 }),
    live("step.running", "0.a"),
    recorded("interrupt.requested", "1.b"),
    live("step.skipped", "1.c"),
    recorded("run.waiting", undefined),
  );
  const shown = board.steps.map(({ stepId, status, attempts, durationMs }) => [
    stepId,
    status,
    attempts,
    durationMs,
  ]);
  assert.deepEqual(shown, [
    ["0.a", "succeeded", 2, 30],
    ["1.b", "waiting", 1, undefined],
    ["1.c", "skipped", 1, undefined],
  ]);
  assert.deepEqual(
    [...board.counts],
    [
      ["succeeded", 1],
      ["waiting", 1],
      ["skipped", 1],
    ],
  );
});

test("where there is no room for all, what failed or runs is shown before what is over", () => {
  const events = Array.from({ length: 50 }, (_, index) => recorded("step.succeeded", `${index}.ok`));
  const board = boardOf(recorded("step.failed", "0.bad"), ...events, live("step.running", "50.now"));
  const chosen = chooseSteps(board.steps, 4).map((step) => step.stepId);
  assert.deepEqual(chosen, ["0.bad", "48.ok", "49.ok", "50.now"]);
});

test("the table fits its canvas and counts what it leaves out", () => {
  const events = Array.from({ length: 40 }, (_, index) =>
    recorded("step.succeeded", `${index}.${"long".repeat(20)}`, { durationMs: 5 }),
  );
  const failed = recorded("step.failed", "40.x", { failure: { message: "word ".repeat(50) } });
  const lines = stepTable(boardOf(...events, failed), { columns: 50, rows: 10, colors, now: 0 });
  assert.ok(lines.length <= 10);
  assert.ok(lines.every((line) => line.length <= 50));
  assert.match(lines.at(-1) ?? "", /^41 steps: 40 succeeded, 1 failed \(34 not shown\)$/);
});

test("tokens and cost get columns once a step has them", () => {
  const without = stepTable(boardOf(recorded("step.succeeded", "0.a")), {
    columns: 80,
    rows: 9,
    colors,
    now: 0,
  });
  assert.doesNotMatch(without[0] ?? "", /TOKENS|COST/);
  const board = boardOf(
    recorded("step.succeeded", "0.a", { tokens: 12, costUsd: 0.5 }),
    recorded("step.started", "1.b"),
  );
  const [titles, first] = stepTable(board, { columns: 80, rows: 9, colors, now: 0 });
  assert.match(titles ?? "", /TOKENS +COST/);
  assert.match(first ?? "", /12 +\$0\.5000/);
});

test("a pipe gets one line per record event of a step, and no control codes", () => {
  const { output, sink } = outputOn(false);
  const progress = progressOn(output, false);
  progress.apply(live("step.running", "0.a"));
  progress.apply(recorded("io.succeeded", "0.a"));
  progress.apply(recorded("step.failed", "0.a", { attempt: 2, failure: { message: "no\u001b[2J way\n" } }));
  progress.end();
  assert.equal(sink.text, "09:30:00.250  step.failed     0.a  attempt 2  no way\n");
  assert.equal(sink.text, stripVTControlCharacters(sink.text));
});

test("a terminal gets a table that is drawn over itself", () => {
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    const { output, sink } = outputOn(true);
    const progress = progressOn(output, false);
    progress.apply(recorded("step.started", "0.a"));
    mock.timers.tick(100);
    assert.match(sink.text, /0\.a +● running/);
    sink.text = "";
    progress.apply(recorded("step.succeeded", "0.a", { durationMs: 7 }));
    progress.end();
    assert.ok(sink.text.startsWith("\u001b[3A\u001b[J"));
    assert.match(sink.text, /0\.a +✔ succeeded +7ms/);
    sink.text = "";
    mock.timers.tick(500);
    assert.equal(sink.text, "");
  } finally {
    mock.timers.reset();
  }
});

test("quiet progress writes nothing", () => {
  const { output, sink } = outputOn(true);
  const progress = progressOn(output, true);
  progress.apply(recorded("step.started", "0.a"));
  progress.end();
  assert.equal(sink.text, "");
});

test("an event is one line with what matters of its data", () => {
  const written = eventLine(recorded("file.written", "2.write", { path: "report.md", wrote: true }));
  assert.equal(written, "09:30:00.250  file.written    2.write  report.md");
});
