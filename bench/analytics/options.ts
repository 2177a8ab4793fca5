import { parseArgs } from "node:util";
import { type SuiteName, suiteNames } from "../../packages/analytics/src/index.ts";

/** What `npm run bench:analytics -- ...` was asked for. */
export interface Options {
  readonly rows: number;
  readonly rounds: number;
  readonly suites: readonly SuiteName[];
  readonly threads: number | undefined;
  /** Where the datasets are. */
  readonly data: string;
  /** Fail on a wrong answer, on a figure worse than the baseline and on a limit that held there and does not now. */
  readonly check: boolean;
  readonly updateBaseline: boolean;
  /** The last part of the name of the result files. */
  readonly name: string;
  /** Write no result files. */
  readonly dry: boolean;
}

/** Reads the command line; throws on an unknown flag or suite. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: "string", default: "10000000" },
      rounds: { type: "string", default: "5" },
      suite: { type: "string", multiple: true, default: [] },
      threads: { type: "string" },
      data: { type: "string", default: "bench/analytics/.data" },
      check: { type: "boolean", default: false },
      "update-baseline": { type: "boolean", default: false },
      name: { type: "string", default: "run" },
      dry: { type: "boolean", default: false },
    },
  });
  const asked = values.suite.flatMap((each) => each.split(","));
  const unknown = asked.find((name) => !suiteNames.some((suite) => suite === name));
  if (unknown !== undefined)
    throw new Error(`There is no suite ${unknown}; known are ${suiteNames.join(", ")}.`);
  return {
    rows: Number(values.rows),
    rounds: Number(values.rounds),
    suites: suiteNames.filter((name) => asked.length === 0 || asked.includes(name)),
    threads: values.threads === undefined ? undefined : Number(values.threads),
    data: values.data,
    check: values.check,
    updateBaseline: values["update-baseline"],
    name: values.name,
    dry: values.dry,
  };
}
