import {
  columnAt,
  compareYears,
  type DatasetModel,
  type PatternParameters,
  parseFilter,
  patternQuestion,
  type Question,
} from "@agentflow/analytics";
import { QueryError, UsageError } from "@agentflow/core";
import { listOption, textOption } from "../command-configuration.ts";
import type { CommandInput } from "../spec/command-spec.ts";
import { optionalNumber } from "./dataset-options.ts";

/** What a command asks: SQL, or a question over the declaration of a dataset. */
export type Asked = { readonly sql: string } | { readonly question: Question };

/** The question of a command line: a pattern, SQL, or measures. Throws UsageError, QueryError. */
export function askedIn(input: CommandInput, model: DatasetModel): Asked {
  const given = input.arguments["question"];
  const measures = listed(input, "measures");
  if (typeof given !== "string") {
    if (measures === undefined) {
      throw new UsageError("There is no question.", {
        hint: "Give a pattern, SQL, or --measures with names of measures.",
      });
    }
    return { question: compared(input, model, measuresQuestion(input, model, measures)) };
  }
  if (/\s/.test(given.trim())) {
    refuseWithSql(input);
    return { sql: given };
  }
  if (measures !== undefined)
    throw new UsageError("--measures is a question of its own: leave the pattern out.");
  return { question: compared(input, model, patternQuestion(model, given, parametersOf(input, model))) };
}

function measuresQuestion(input: CommandInput, model: DatasetModel, measures: readonly string[]): Question {
  const odd = ["measure", "size", "along"].find((name) => input.options[name] !== undefined);
  if (odd !== undefined) throw new UsageError(`--${odd} belongs to a pattern, not to --measures.`);
  const [first = ""] = measures;
  const top = optionalNumber(input, "top", "top", 1_000_000);
  return {
    measures,
    by: listed(input, "by") ?? [],
    where: filtersOf(input, model),
    ...(top === undefined ? {} : { order: [`-${first}`], limit: top }),
  };
}

function compared(input: CommandInput, model: DatasetModel, question: Question): Question {
  return textOption(input, "compare") === "yoy" ? compareYears(model, question) : question;
}

function refuseWithSql(input: CommandInput): void {
  const names = ["measure", "measures", "by", "size", "top", "along", "compare"];
  const odd = names.find((name) => input.options[name] !== undefined);
  const given = odd ?? (listOption(input, "where").length > 0 ? "where" : undefined);
  if (given !== undefined) throw new UsageError(`--${given} belongs to a pattern, not to SQL.`);
}

function parametersOf(input: CommandInput, model: DatasetModel): PatternParameters {
  const measure = textOption(input, "measure");
  const along = textOption(input, "along");
  const by = listed(input, "by");
  const size = optionalNumber(input, "size", "size", 1_000);
  const top = optionalNumber(input, "top", "top", 1_000_000);
  return {
    where: filtersOf(input, model),
    ...(measure === undefined ? {} : { measure }),
    ...(along === undefined ? {} : { along }),
    ...(by === undefined ? {} : { by }),
    ...(size === undefined ? {} : { size }),
    ...(top === undefined ? {} : { top }),
  };
}

function listed(input: CommandInput, name: string): readonly string[] | undefined {
  return textOption(input, name)
    ?.split(",")
    .map((each) => each.trim());
}

function filtersOf(input: CommandInput, model: DatasetModel): NonNullable<Question["where"]> {
  return Object.fromEntries(listOption(input, "where").map((text) => filterOf(text, model)));
}

function filterOf(text: string, model: DatasetModel) {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--where is ${JSON.stringify(text)}.`, { hint: "Write DIMENSION=VALUE." });
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  const reference = Object.hasOwn(model.dimensions, name) ? model.dimensions[name] : undefined;
  if (reference === undefined) {
    throw new QueryError(`There is no dimension ${JSON.stringify(name)}.`, {
      hint: `Known are ${Object.keys(model.dimensions).join(", ")}.`,
    });
  }
  return [name, parseFilter(value, columnAt(model, reference).column)] as const;
}
