import { QueryError } from "@agentflow/core";
import { runs } from "../history/runs-model.ts";
import { runsPatterns } from "../history/runs-patterns.ts";
import { suggestion } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { Question } from "./question.ts";

/** What a pattern is called with; each has a default. */
export interface PatternParameters {
  readonly measure?: string;
  readonly by?: readonly string[];
  readonly where?: Question["where"];
  /** The hierarchy that is drilled down along; the calendar if not given. */
  readonly along?: string;
  /** Rows of the moving average. */
  readonly size?: number;
  /** Rows of each ranking. */
  readonly top?: number;
}

/** A question that is asked again and again, with what varies as parameters (OLP-10). */
export interface Pattern {
  readonly describes: string;
  readonly question: (model: DatasetModel, parameters: PatternParameters) => Question;
}

const measureOf = (model: DatasetModel, { measure }: PatternParameters): string =>
  measure ?? Object.keys(model.measures)[0] ?? "";

const calendarOf = (model: DatasetModel): readonly string[] => model.hierarchies["calendar"] ?? [];

// What a pattern is usually asked by, as far as the dataset has it.
const usual = (model: DatasetModel, ...names: readonly string[]): readonly string[] =>
  names.filter((name) => Object.hasOwn(model.dimensions, name));

function hierarchyOf(model: DatasetModel, { along = "calendar" }: PatternParameters): readonly string[] {
  const names = Object.keys(model.hierarchies);
  const levels = Object.hasOwn(model.hierarchies, along) ? model.hierarchies[along] : undefined;
  if (levels !== undefined) return levels;
  throw new QueryError(`There is no hierarchy ${JSON.stringify(along)}.${suggestion(along, names)}`, {
    hint: `Known are ${names.join(", ")}.`,
  });
}

function questionOf(question: Question, { where }: PatternParameters): Question {
  return where === undefined ? question : { ...question, where };
}

/** The patterns by name. */
export const patterns = {
  totals: {
    describes: "A measure by dimensions: revenue by region and year.",
    question: (model, parameters) =>
      questionOf(
        { measures: [measureOf(model, parameters)], by: parameters.by ?? usual(model, "region", "year") },
        parameters,
      ),
  },
  "drill-down": {
    describes:
      "A measure along a hierarchy, such as the calendar: the level below the one that is filtered by (year, quarter, month, day).",
    question: (model, parameters) => {
      const levels = hierarchyOf(model, parameters);
      const given = levels.filter((level) => Object.hasOwn(parameters.where ?? {}, level)).length;
      const by = [...levels.slice(0, Math.min(levels.length, given + 1)), ...(parameters.by ?? [])];
      return questionOf({ measures: [measureOf(model, parameters)], by }, parameters);
    },
  },
  "moving-average": {
    describes: "A measure by month with the mean of the last months, per category.",
    question: (model, parameters) => {
      const along = calendarOf(model).slice(0, 3);
      const of = measureOf(model, parameters);
      const windows = {
        moving_average: { kind: "moving-average", of, size: parameters.size ?? 3, along },
      } as const;
      return questionOf(
        { measures: [of], by: [...(parameters.by ?? usual(model, "category")), ...along], windows },
        parameters,
      );
    },
  },
  growth: {
    describes: "A measure by year with its growth since the year before, per region.",
    question: (model, parameters) => {
      const of = measureOf(model, parameters);
      const windows = { growth: { kind: "growth", of, along: "year" } } as const;
      return questionOf(
        { measures: [of], by: [...(parameters.by ?? usual(model, "region")), "year"], windows },
        parameters,
      );
    },
  },
  ranking: {
    describes: "The first products of each quarter by a measure, with rank and row number.",
    question: (model, parameters) => {
      const of = measureOf(model, parameters);
      const within = calendarOf(model).slice(0, 2);
      const windows = {
        rank: { kind: "rank", of, within },
        row_number: { kind: "row-number", of, within },
      } as const;
      const by = [...within, ...(parameters.by ?? usual(model, "product", "product_name"))];
      const top = { by: "row_number", count: parameters.top ?? 10 };
      return questionOf({ measures: [of], by, windows, top, order: [...within, "row_number"] }, parameters);
    },
  },
} as const satisfies Record<string, Pattern>;

/** The name of a pattern. */
export type PatternName = keyof typeof patterns;

/** The patterns that a dataset can be asked: those of every dataset, and the ready questions of `runs`. */
export function patternsOf({ name }: DatasetModel): Readonly<Record<string, Pattern>> {
  return name === runs.name ? { ...runsPatterns, ...patterns } : patterns;
}

/** The question of a pattern. Throws QueryError if the dataset has no pattern of this name. */
export function patternQuestion(
  model: DatasetModel,
  name: string,
  parameters: PatternParameters = {},
): Question {
  const known = patternsOf(model);
  const pattern = Object.hasOwn(known, name) ? known[name] : undefined;
  if (pattern !== undefined) return pattern.question(model, parameters);
  const names = Object.keys(known);
  throw new QueryError(`There is no pattern ${JSON.stringify(name)}.${suggestion(name, names)}`, {
    hint: `Known are ${names.join(", ")}.`,
  });
}
