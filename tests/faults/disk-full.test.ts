import assert from "node:assert/strict";
import { test } from "node:test";
import { diskFullAt, fullPlaces, missingMount } from "./disk-full.ts";
import { runAndClean } from "./run-and-clean.ts";
import { runFault } from "./run-fault.ts";

const skip = missingMount() ?? false;

test("runs stop on a full disk with one error, lose nothing, and go on when there is room", {
  skip,
}, async () => {
  const report = await runFault(diskFullAt(fullPlaces, ["strict"]), { count: 16 });
  assert.deepEqual(report.violations, []);
});

test("a run that stops where none should, and a disk that is not full, are found", {
  skip,
}, async (context) => {
  const planted = fullPlaces.map((place) => ({ ...place, stopsRuns: !place.stopsRuns })).slice(1, 3);
  const report = await runAndClean(context, diskFullAt(planted, ["normal"]), { count: 12 });
  const broken = new Set(report.violations.map(({ section }) => section));
  for (const place of ["artifacts", "run directories"])
    assert.ok(broken.has(`sqlite full ${place}`), `nothing was found at the ${place}`);
});
