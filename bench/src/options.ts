import { parseArgs } from "node:util";

/** What `npm run bench -- ...` was asked for. */
export interface Options {
  /** Only workloads and series whose id begins with one of these; empty means all. */
  readonly only: readonly string[];
  /** Only systems whose id begins with one of these; empty means all. */
  readonly systems: readonly string[];
  /** Three rounds and a tenth of the largest sizes. */
  readonly quick: boolean;
  /** Fail on a gate that does not hold and on a ratio below the baseline. */
  readonly check: boolean;
  readonly updateBaseline: boolean;
  /** The last part of the name of the result files. */
  readonly name: string;
  /** Write no result files. */
  readonly dry: boolean;
}

/** Reads the command line; throws on an unknown flag. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: [] },
      systems: { type: "string", multiple: true, default: [] },
      quick: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      "update-baseline": { type: "boolean", default: false },
      name: { type: "string", default: "run" },
      dry: { type: "boolean", default: false },
    },
  });
  return {
    only: values.only.flatMap((each) => each.split(",")),
    systems: values.systems.flatMap((each) => each.split(",")),
    quick: values.quick,
    check: values.check,
    updateBaseline: values["update-baseline"],
    name: values.name,
    dry: values.dry,
  };
}

/** Whether an id was asked for; an empty list asks for all. */
export function selected(id: string, prefixes: readonly string[]): boolean {
  return prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix));
}
