import assert from "node:assert/strict";
import { test } from "node:test";
import { ValidationError } from "@agentflow/core";
import { type Duration, milliseconds } from "./duration.ts";

test("a duration is milliseconds, or a number with its unit", () => {
  const durations: readonly Duration[] = [5, "5ms", "1.5s", "2m", "3h", "30d", "1w"];
  assert.deepEqual(
    durations.map(milliseconds),
    [5, 5, 1_500, 120_000, 10_800_000, 2_592_000_000, 604_800_000],
  );
});

test("what is no duration is refused, and says what would be one", () => {
  for (const odd of ["30", "d", "-1s", "1 d", "1y", "", Number.NaN, -1, Number.POSITIVE_INFINITY])
    assert.throws(
      () => milliseconds(odd as Duration),
      (error) => {
        assert.ok(error instanceof ValidationError);
        assert.match(error.hint, /"30d"/);
        return true;
      },
    );
});
