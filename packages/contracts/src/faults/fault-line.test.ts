import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreUnavailableError } from "@agentflow/core";
import { type CrossingFault, FaultLine } from "./fault-line.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Crosses the line three times; says what was done on the other side and what came back. */
function crossThrice(fault?: CrossingFault): { line: FaultLine; done: string[]; answers: string[] } {
  const line = new FaultLine(fault);
  const [done, answers]: [string[], string[]] = [[], []];
  for (const name of ["a", "b", "c"]) {
    const work = async (): Promise<string> => {
      done.push(name);
      return name;
    };
    void Promise.resolve(line.pass(name, work)).then(
      (answer) => answers.push(answer),
      (error: Error) => answers.push(error.constructor.name),
    );
  }
  return { line, done, answers };
}

test("without a fault everything crosses, and an answer within the tick stays one", async () => {
  const { line, done, answers } = crossThrice();
  await turn();
  assert.deepEqual([done, answers, line.crossings, line.underWay], [["a", "b", "c"], done, done, 0]);
  assert.equal(
    line.pass("d", () => 4),
    4,
  );
});

test("after a crash nothing is done and nothing is heard, of what was under way neither", async () => {
  const before = crossThrice({ crossing: 2, kind: "crashBefore" });
  const after = crossThrice({ crossing: 2, kind: "crashAfter" });
  await Promise.all([before.line.crashed, after.line.crashed]);
  await turn();
  assert.deepEqual([before.done, before.answers], [["a"], []]);
  assert.deepEqual([after.done, after.answers], [["a", "b"], []]);
  assert.deepEqual([after.line.isDead, after.line.faultedAt], [true, "b"]);
});

test("a process that crashes after a call that failed is gone, and does not hear of the failure", async () => {
  const line = new FaultLine({ crossing: 1, kind: "crashAfter" });
  const heard: unknown[] = [];
  const failing = (): string => {
    throw new Error("refused");
  };
  void Promise.resolve(line.pass("a", failing)).catch((error: unknown) => heard.push(error));
  await line.crashed;
  await turn();
  assert.deepEqual(heard, []);
});

test("a lost acknowledgement is an error after the work, a failure one without it", async () => {
  const lost = crossThrice({ crossing: 2, kind: "loseAcknowledgement" });
  const failed = crossThrice({ crossing: 2, kind: "fail" });
  await turn();
  assert.deepEqual(lost.done, ["a", "b", "c"]);
  assert.deepEqual(failed.done, ["a", "c"]);
  for (const { answers } of [lost, failed])
    assert.deepEqual([...answers].sort(), [StoreUnavailableError.name, "a", "c"]);
});

test("a process that is held does nothing more until it is released", async () => {
  for (const [kind, doneWhileHeld] of [
    ["holdBefore", ["a"]],
    ["holdAfter", ["a", "b"]],
  ] as const) {
    const { line, done, answers } = crossThrice({ crossing: 2, kind });
    await line.held;
    await turn();
    assert.deepEqual([done, answers], [doneWhileHeld, ["a"]]);
    line.release();
    await turn();
    assert.deepEqual(
      [[...done].sort(), [...answers].sort()],
      [
        ["a", "b", "c"],
        ["a", "b", "c"],
      ],
    );
  }
});

test("a fault may be at the nth crossing of a name, and spare names", async () => {
  const named = new FaultLine({ crossing: 2, names: ["b"], kind: "fail" });
  assert.equal(
    named.pass("b", () => 1),
    1,
  );
  assert.equal(
    named.pass("c", () => 2),
    2,
  );
  await assert.rejects(async () => named.pass("b", () => 3), StoreUnavailableError);
  assert.equal(
    named.pass("b", () => 4),
    4,
    "once",
  );
  const sparing = new FaultLine({ crossing: 1, kind: "fail", spares: ["a"] });
  assert.equal(
    sparing.pass("a", () => 5),
    5,
  );
  assert.equal(sparing.faultedAt, "a");
});
