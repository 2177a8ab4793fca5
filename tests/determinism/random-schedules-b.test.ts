import { test } from "node:test";
import { assertSameForEverySchedule } from "./same-for-every-schedule.ts";

test("1,100 schedules of 100 random graphs give one state, one canonical log and the same rows per graph", () =>
  assertSameForEverySchedule({ seed: 8841, graphs: 100, schedules: 11 }));
