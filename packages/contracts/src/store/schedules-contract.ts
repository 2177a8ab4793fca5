import assert from "node:assert/strict";
import type { ScheduleRow } from "@agentflow/core";
import { type StoreFactory, storeTest } from "./store-factory.ts";

const row: ScheduleRow = {
  tenant: "default",
  name: "digest",
  workflow: "research",
  revision: 1,
  nextAt: 100,
  json: '{"cron":"0 9 * * *"}',
};

/** Schedules, and who may change them (ENG-44). */
export function schedulesContract(name: string, factory: StoreFactory): void {
  storeTest(name, "a schedule is kept as it was made, once per name", factory, async ({ backend }) => {
    const { schedules } = backend;
    assert.equal(await schedules.readSchedule("default", "digest"), undefined);
    assert.equal(await schedules.createSchedule(row), true);
    assert.equal(await schedules.createSchedule({ ...row, json: "{}" }), false);
    assert.deepEqual(await schedules.readSchedule("default", "digest"), row);
    assert.equal(await schedules.createSchedule({ ...row, tenant: "theirs", nextAt: undefined }), true);
    assert.deepEqual(await schedules.listSchedules({ tenant: "default" }), [row]);
    assert.equal(await schedules.removeSchedule("default", "digest"), true);
    assert.equal(await schedules.removeSchedule("default", "digest"), false);
    assert.equal((await schedules.readSchedule("theirs", "digest"))?.nextAt, undefined);
  });

  storeTest(
    name,
    "of many that make or change a schedule at once, one gets on",
    factory,
    async ({ backend }) => {
      const { schedules } = backend;
      const made = await Promise.all(
        Array.from({ length: 6 }, (_, index) => schedules.createSchedule({ ...row, json: `"${index}"` })),
      );
      assert.equal(made.filter(Boolean).length, 1);
      const json = `"${made.indexOf(true)}"`;
      const changed = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          schedules.replaceSchedule({ ...row, json, revision: 2, nextAt: 200 + index }, 1),
        ),
      );
      assert.equal(changed.filter(Boolean).length, 1);
      const kept = await schedules.readSchedule("default", "digest");
      assert.deepEqual(kept, { ...row, json, revision: 2, nextAt: 200 + changed.indexOf(true) });
      assert.equal(await schedules.replaceSchedule({ ...row, revision: 2 }, 1), false);
      assert.equal(await schedules.replaceSchedule({ ...row, name: "missing" }, 1), false);
    },
  );

  storeTest(name, "schedules are listed by name, or those that are due", factory, async ({ backend }) => {
    const { schedules } = backend;
    const times = { c: 10, a: 20, b: undefined, d: 30 };
    for (const [each, nextAt] of Object.entries(times))
      await schedules.createSchedule({ ...row, name: each, nextAt });
    const namesOf = async (dueUntil?: number): Promise<string> => {
      const given = dueUntil === undefined ? {} : { dueUntil };
      const found = await schedules.listSchedules({ tenant: "default", ...given });
      return found.map((each) => each.name).join("");
    };
    assert.deepEqual(
      [await namesOf(), await namesOf(9), await namesOf(20), await namesOf(99)],
      ["abcd", "", "ac", "acd"],
    );
  });
}
