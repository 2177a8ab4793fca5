import { AssertionError } from "node:assert/strict";

/** An AssertionError with a title of its own above the difference as Node shows it. Runners show `actual`, `expected`. */
export function differing(given: {
  readonly title: string;
  readonly actual: unknown;
  readonly expected: unknown;
}): AssertionError {
  const { title, actual, expected } = given;
  const { message } = new AssertionError({ actual, expected, operator: "deepStrictEqual" });
  const [, ...difference] = message.split("\n");
  return new AssertionError({ message: [title, ...difference].join("\n"), actual, expected });
}
