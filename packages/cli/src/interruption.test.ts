import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { onInterruption, type SignalSource } from "./interruption.ts";
import { onStrayError } from "./stray-error.ts";

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

test("the first stray error parks, the second one ends the process with 1", () => {
  const signals = new Signals();
  const parked: string[] = [];
  const stray = onStrayError((error) => parked.push(error.message), signals);
  signals.emit("uncaughtException", new Error("first"));
  assert.deepEqual([parked, signals.exits], [["first"], []]);
  signals.emit("uncaughtException", new Error("second"));
  assert.deepEqual(signals.exits, [1]);
  stray[Symbol.dispose]();
  assert.equal(signals.listenerCount("uncaughtException"), 0);
});
