import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { onInterruption, type SignalSource } from "./interruption.ts";

class Signals extends EventEmitter implements SignalSource {
  readonly exits: number[] = [];
  exit(code: number): void {
    this.exits.push(code);
  }
}

test("the first signal parks, the second one ends the process with 130", () => {
  const signals = new Signals();
  let parked = 0;
  using _interruption = onInterruption(() => {
    parked += 1;
  }, signals);
  signals.emit("SIGINT");
  assert.deepEqual([parked, signals.exits], [1, []]);
  signals.emit("SIGTERM");
  assert.deepEqual(signals.exits, [130]);
});

test("after it is over nothing listens any more", () => {
  const signals = new Signals();
  onInterruption(() => assert.fail("parked"), signals)[Symbol.dispose]();
  signals.emit("SIGTERM");
  assert.equal(signals.listenerCount("SIGINT") + signals.listenerCount("SIGTERM"), 0);
});
