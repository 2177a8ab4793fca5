import { parseArgs } from "node:util";
import { storeNames } from "../store-place.ts";
import type { Fault } from "./fault.ts";
import { renderReport } from "./render-report.ts";
import { type FaultRequest, runFault } from "./run-fault.ts";

const usage = `usage: npm run faults -- [list | all | NAME...] [options]

  --store NAME      ${storeNames.join(", ")}; may be given several times
  --count N         how often the fault strikes
  --duration S      for how many seconds it strikes
  --seed TEXT       decides the random choices; printed by each run
  --gate            hold figures against their limits too
  --json            print one JSON document per fault

Ends with 0 if every promise held, 1 on a violation, 2 if it was called wrongly.
`;

class UsageProblem extends Error {}

function readOptions(given: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...given],
    options: {
      store: { type: "string", multiple: true },
      count: { type: "string" },
      duration: { type: "string" },
      seed: { type: "string" },
      gate: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  return { values, positionals };
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new UsageProblem(`--${option} takes a number above 0, not "${text}".`);
}

function chosen(names: readonly string[], faults: readonly Fault[]): readonly Fault[] {
  if (names.includes("all")) return faults;
  return names.map((name) => {
    const fault = faults.find((each) => each.name === name);
    if (fault === undefined) throw new UsageProblem(`There is no fault "${name}"; "list" shows them.`);
    return fault;
  });
}

interface Choice {
  readonly fault: Fault;
  readonly request: FaultRequest;
}

/** What is asked of each fault. An option goes to the faults that take it, and one at least has to. */
function choices(
  faultsChosen: readonly Fault[],
  values: ReturnType<typeof readOptions>["values"],
  progress: (line: string) => void,
): Choice[] {
  const count = positive("count", values.count);
  const seconds = positive("duration", values.duration);
  const takesNone = (takes: (fault: Fault) => boolean): boolean => !faultsChosen.some(takes);
  if (count !== undefined && takesNone(({ defaults }) => defaults.count !== undefined))
    throw new UsageProblem("None of these faults takes --count.");
  if (seconds !== undefined && takesNone(({ defaults }) => defaults.durationMs !== undefined))
    throw new UsageProblem("None of these faults takes --duration.");
  for (const name of values.store ?? [])
    if (takesNone(({ stores }) => stores.some((each) => each === name)))
      throw new UsageProblem(`None of these faults runs on the store "${name}".`);
  const shared: FaultRequest = {
    gate: values.gate,
    progress,
    ...(values.seed !== undefined && { seed: values.seed }),
    ...(count !== undefined && { count }),
    ...(seconds !== undefined && { durationMs: seconds * 1_000 }),
  };
  return faultsChosen.flatMap((fault) => {
    const stores = values.store && fault.stores.filter((each) => values.store?.includes(each));
    if (stores?.length === 0) return [];
    return [{ fault, request: stores === undefined ? shared : { ...shared, stores } }];
  });
}

function list(faults: readonly Fault[]): string {
  const width = Math.max(0, ...faults.map(({ name }) => name.length));
  return `${usage}\n${faults.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join("")}`;
}

function isUsageProblem(error: unknown): error is Error {
  if (error instanceof UsageProblem) return true;
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

/** What the command is given: its arguments, what there is to run, and where it writes. */
export interface FaultsCommand {
  readonly arguments: readonly string[];
  readonly faults: readonly Fault[];
  readonly output: (text: string) => void;
  readonly errors: (text: string) => void;
}

/** Lists or runs faults as its arguments say. Returns the exit code: 0, 1 on a violation, 2 for wrong arguments. */
export async function faultsCommand(command: FaultsCommand): Promise<number> {
  try {
    return await obey(command);
  } catch (error) {
    if (!isUsageProblem(error)) throw error;
    command.errors(`${error.message}\n\n${usage}`);
    return 2;
  }
}

async function obey({ arguments: given, faults, output, errors }: FaultsCommand): Promise<number> {
  const { values, positionals } = readOptions(given);
  if (positionals.length === 0 || positionals.includes("list")) {
    output(list(faults));
    return 0;
  }
  let hasViolations = false;
  for (const { fault, request } of choices(chosen(positionals, faults), values, (line) =>
    errors(`${line}\n`),
  )) {
    if (!values.json) output(`\n${fault.name}: ${fault.summary}\n`);
    const report = await runFault(fault, request);
    output(values.json ? `${JSON.stringify(report)}\n` : renderReport(report));
    hasViolations ||= report.violations.length > 0;
  }
  return hasViolations ? 1 : 0;
}
