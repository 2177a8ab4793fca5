import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { choosesColor } from "./color-choice.ts";
import { formatDuration } from "./format-duration.ts";
import { Output, type TextStream } from "./output.ts";
import { cutText, oneLine, textTable } from "./text-table.ts";

class Sink extends EventEmitter implements TextStream {
  text = "";
  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

test("colour follows the flag, then NO_COLOR, then FORCE_COLOR, then the terminal", () => {
  const plain = { flag: undefined, environment: {}, terminal: true };
  assert.equal(choosesColor(plain), true);
  assert.equal(choosesColor({ ...plain, terminal: false }), false);
  assert.equal(choosesColor({ ...plain, environment: { TERM: "dumb" } }), false);
  assert.equal(choosesColor({ ...plain, environment: { NO_COLOR: "1" } }), false);
  assert.equal(choosesColor({ ...plain, environment: { NO_COLOR: "" } }), true);
  assert.equal(choosesColor({ ...plain, terminal: false, environment: { FORCE_COLOR: "1" } }), true);
  assert.equal(choosesColor({ ...plain, environment: { FORCE_COLOR: "0" } }), false);
  assert.equal(choosesColor({ ...plain, flag: "never" }), false);
  assert.equal(choosesColor({ flag: "always", environment: { NO_COLOR: "1" }, terminal: false }), true);
});

test("durations are written in the unit that fits, also at its edges", () => {
  const written = [0.4, 12, 999.6, 1_000, 59_940, 59_960, 65_000, 3_599_600, 7_380_000].map(formatDuration);
  assert.deepEqual(written, ["0ms", "12ms", "1.0s", "1.0s", "59.9s", "1m 00s", "1m 05s", "1h 00m", "2h 03m"]);
});

test("a table lines up coloured cells by what is seen of them", () => {
  const lines = textTable(
    [{ title: "A" }, { title: "N", align: "right" }, { title: "" }],
    [
      ["\u001b[31mred\u001b[39m", "7", ""],
      ["x", "100", "y"],
    ],
  );
  assert.deepEqual(lines, ["A      N", "\u001b[31mred\u001b[39m    7", "x    100  y"]);
});

test("a text that is too long is cut, and one that steers the terminal is disarmed", () => {
  assert.equal(cutText("abcdef", 4), "abc…");
  assert.equal(cutText("abcd", 4), "abcd");
  assert.equal(oneLine("a\u001b[2Jb\r\nc\u0007"), "ab c");
});

test("when the reader of standard output has gone, nothing more is written and nothing is thrown", () => {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const output = new Output({ stdout, stderr, json: false, colorStdout: false, colorStderr: false });
  output.line("one");
  stdout.emit("error", Object.assign(new Error("gone"), { code: "EPIPE" }));
  output.object({ two: 2 });
  stderr.emit("error", new Error("gone too"));
  output.note("three");
  assert.equal(output.closed, true);
  assert.equal(stdout.text, "one\n");
  assert.equal(stderr.text, "three\n");
  assert.equal(output.lostBy, undefined);
});

test("a disk that is full is remembered, so that the command can fail for it", () => {
  const stdout = new Sink();
  const output = new Output({
    stdout,
    stderr: new Sink(),
    json: false,
    colorStdout: false,
    colorStderr: false,
  });
  stdout.emit("error", Object.assign(new Error("no space left"), { code: "ENOSPC" }));
  assert.equal(output.closed, true);
  assert.match(String(output.lostBy), /no space left/);
});
