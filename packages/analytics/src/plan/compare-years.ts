import { QueryError } from "@agentflow/core";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { Filter, FilterValue, Question, WindowMeasure } from "./question.ts";

/**
 * Adds to each measure of a question its value of the year before (`revenue_before`) and the change since
 * (`revenue_growth`). A filter on the year stays what is shown; the years before are read beside it. Throws QueryError if
 * the dataset has no calendar that begins with whole years.
 */
export function compareYears(model: DatasetModel, question: Question): Question {
  const [year] = model.hierarchies["calendar"] ?? [];
  if (year === undefined) throw new QueryError(`${model.name} has no calendar to compare years of.`);
  const { measures, by = [], where = {}, windows = {} } = question;
  const added = measures.flatMap((of): [string, WindowMeasure][] => [
    [`${of}_before`, { kind: "previous", of, along: year }],
    [`${of}_growth`, { kind: "growth", of, along: year }],
  ]);
  const asked = where[year];
  const compared: Question = {
    ...question,
    by: by.includes(year) ? by : [...by, year],
    windows: { ...windows, ...Object.fromEntries(added) },
  };
  if (asked === undefined) return compared;
  return {
    ...compared,
    where: { ...where, [year]: withYearsBefore(year, asked) },
    show: { ...question.show, [year]: asked },
  };
}

function withYearsBefore(name: string, filter: Filter): Filter {
  const before = (value: FilterValue): number => {
    if (typeof value === "number") return value - 1;
    throw new QueryError(`${name} is compared with ${JSON.stringify(value)}.`, {
      hint: "Give a whole number.",
    });
  };
  if (typeof filter !== "object") return [before(filter), filter];
  if (Array.isArray(filter)) return [...new Set([...filter.map(before), ...filter])];
  const { from, until } = filter as { readonly from?: FilterValue; readonly until?: FilterValue };
  return {
    ...(from === undefined ? {} : { from: before(from) }),
    ...(until === undefined ? {} : { until }),
  };
}
