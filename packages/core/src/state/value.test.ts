import assert from "node:assert/strict";
import { test } from "node:test";
import { dateCodec } from "../encoding/codecs.ts";
import { ValidationError } from "../errors/validation-error.ts";
import type { StandardSchema } from "./standard-schema.ts";
import { value } from "./value.ts";

const anyText: StandardSchema<unknown, string> = {
  "~standard": { version: 1, vendor: "test", validate: (text) => ({ value: String(text) }) },
};

test("a value field keeps the last value written and conflicts as a whole (S18)", () => {
  const field = value<number>();
  assert.equal(field.reduce(1, 2), 2);
  assert.equal(field.reduce(undefined, 3), 3);
  assert.deepEqual([field.kind, field.reducerId, field.conflicts], ["value", "value", "field"]);
});

test("a field without a default is required in the input, one with a default is not", () => {
  assert.deepEqual([value<string>().presence, value<string>().initial], ["required", undefined]);
  assert.deepEqual([value("").presence, value("").initial], ["optional", ""]);
  assert.deepEqual(
    [value<string | undefined>(undefined).presence, value<string | undefined>(undefined).initial],
    ["optional", undefined],
  );
});

test("a default is encoded and frozen once, apart from what was passed in", () => {
  const topics = [{ name: "a" }];
  const field = value(topics);
  (topics[0] as { name: string }).name = "changed";
  assert.deepEqual(field.initial, [{ name: "a" }]);
  assert.ok(Object.isFrozen(field.initial));
});

test("a default that is not JSON is refused unless there is a codec (S17)", () => {
  assert.throws(() => value(new Date(0)), ValidationError);
  assert.equal(value(new Date(0), { codec: dateCodec }).initial, "1970-01-01T00:00:00.000Z");
});

test("options alone make no default, whatever they hold, and an object that looks like options is one", () => {
  const coded = value<Date>({ codec: dateCodec });
  assert.deepEqual([coded.presence, coded.initial, coded.codecId], ["required", undefined, dateCodec.id]);
  const checked = value<string>({ schema: anyText });
  assert.deepEqual([checked.presence, checked.schema], ["required", anyText]);
  const callable = value<string>({ schema: Object.assign(() => undefined, anyText) });
  assert.equal(callable.presence, "required");
  for (const initial of [
    { codec: "x" },
    { schema: { "~standard": 1 } },
    {},
    null,
    { codec: null, schema: null },
  ]) {
    const field = value<unknown>(initial);
    assert.deepEqual([field.presence, field.initial], ["optional", initial]);
  }
});

test("a codec stands between the type that nodes see and the JSON that is stored", () => {
  const field = value<Date>({ codec: dateCodec });
  const due = new Date("2026-01-02T03:04:05.006Z");
  assert.equal(field.encode(due), "2026-01-02T03:04:05.006Z");
  assert.deepEqual(field.decode("2026-01-02T03:04:05.006Z"), due);
});

test("without a codec a value is stored as it is, and nothing names one", () => {
  const field = value<{ a: number }>();
  const plain = { a: 1 };
  assert.equal(field.encode(plain), plain);
  assert.equal(field.decode(plain), plain);
  assert.deepEqual([Object.hasOwn(field, "codecId"), Object.hasOwn(field, "schema")], [false, false]);
});

test("a field is frozen", () => {
  assert.ok(Object.isFrozen(value("")));
});
