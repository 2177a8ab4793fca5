import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { systemClock } from "./system-clock.ts";

test("a timer of forty days fires after forty days and not at once", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const delayMs = 40 * 24 * 3_600_000;
    let fired = 0;
    systemClock.setTimer(delayMs, () => {
      fired += 1;
    });
    mock.timers.tick(2_147_483_647);
    mock.timers.tick(delayMs - 2_147_483_647 - 1);
    assert.equal(fired, 0);
    mock.timers.tick(1);
    assert.equal(fired, 1);
  } finally {
    mock.timers.reset();
  }
});

test("a cancelled timer never fires", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let fired = 0;
    const cancel = systemClock.setTimer(5, () => {
      fired += 1;
    });
    cancel();
    mock.timers.tick(10);
    assert.equal(fired, 0);
  } finally {
    mock.timers.reset();
  }
});

test("a background timer does not keep the process alive, another one does", () => {
  const armed = mock.method(globalThis, "setTimeout");
  try {
    systemClock.setTimer(60_000, () => undefined, { background: true })();
    systemClock.setTimer(60_000, () => undefined)();
    const alive = armed.mock.calls.map((call) => (call.result as NodeJS.Timeout).hasRef());
    assert.deepEqual(alive, [false, true]);
  } finally {
    armed.mock.restore();
  }
});

test("a trap on Date.now does not stop the clock of the engine", () => {
  const trapped = mock.method(Date, "now", () => {
    throw new Error("trapped");
  });
  try {
    assert.ok(systemClock.now() > 0);
    assert.ok(systemClock.monotonic() >= 0);
  } finally {
    trapped.mock.restore();
  }
});
