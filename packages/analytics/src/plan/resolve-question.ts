import { QueryError } from "@agentflow/core";
import type { ColumnPlace } from "../model/column-reference.ts";
import { columnAt, joinColumn, splitReference, suggestion, tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { Measure } from "../model/measure.ts";
import { checkFilter } from "./filter.ts";
import type { Filter, Question, WindowMeasure } from "./question.ts";

/** A dimension of a question. `via` is the column of the fact table that refers to its table; none for a fact's own. */
export interface AskedDimension {
  readonly name: string;
  readonly place: ColumnPlace;
  readonly via: string | undefined;
}

/** A question whose names are known to be declared. */
export interface ResolvedQuestion {
  readonly fact: string;
  readonly dimensions: readonly AskedDimension[];
  readonly measures: readonly { readonly name: string; readonly measure: Measure }[];
  readonly filters: readonly { readonly dimension: AskedDimension; readonly filter: Filter }[];
  readonly windows: readonly { readonly name: string; readonly window: WindowMeasure }[];
  readonly order: readonly { readonly name: string; readonly descending: boolean }[];
  readonly limit: number | undefined;
  readonly top: Question["top"] | undefined;
  readonly shown: readonly { readonly dimension: AskedDimension; readonly filter: Filter }[];
}

const limitMax = 1_000_000;

/** Looks up every name of a question. Throws QueryError that says which is unknown and which was likely meant. */
export function resolveQuestion(model: DatasetModel, question: Question): ResolvedQuestion {
  const { by = [], where = {}, windows = {}, limit } = question;
  const measures = unique(question.measures).map((name) => ({
    name,
    measure: known("measure", name, model.measures),
  }));
  const facts = new Set(measures.map(({ measure }) => factOf(measure)));
  const [fact] = facts;
  if (fact === undefined) throw new QueryError("The question asks for no measure.", { hint: hintOf(model) });
  if (facts.size > 1)
    throw new QueryError(`Measures of ${[...facts].join(" and ")} cannot be asked for together.`);
  const asked = (name: string): AskedDimension => dimensionOf(model, fact, name);
  const dimensions = unique(by).map(asked);
  const checked = (given: Readonly<Record<string, Filter | undefined>>): ResolvedQuestion["filters"] =>
    Object.entries(given).flatMap(([name, filter]) => {
      const dimension = asked(name);
      return filter === undefined
        ? []
        : [{ dimension, filter: checkFilter(name, dimension.place.column, filter) }];
    });
  const filters = checked(where);
  const shown = checked(question.show ?? {});
  const odd = shown.find(({ dimension }) => !dimensions.some(({ name }) => name === dimension.name));
  if (odd !== undefined)
    throw new QueryError(`The answer has no dimension ${JSON.stringify(odd.dimension.name)} to be shown by.`);
  const columns = [...dimensions.map(({ name }) => name), ...measures.map(({ name }) => name)];
  const named = Object.entries(windows).map(([name, window]) => ({
    name,
    window: checkWindow(name, window, { dimensions, measures: measures.map((each) => each.name) }),
  }));
  const order = orderOf(question.order, [...columns, ...Object.keys(windows)], dimensions);
  checkCount("limit", limit);
  checkCount("top", question.top?.count);
  checkTop(question.top, named);
  return { fact, dimensions, measures, filters, windows: named, order, limit, top: question.top, shown };
}

function checkCount(what: string, count: number | undefined): void {
  if (count === undefined || (Number.isSafeInteger(count) && count >= 1 && count <= limitMax)) return;
  throw new QueryError(`The ${what} is ${count}.`, { hint: `Give a whole number from 1 to ${limitMax}.` });
}

function checkTop(top: Question["top"], windows: ResolvedQuestion["windows"]): void {
  if (top === undefined) return;
  const ranks = windows.filter(({ window }) => window.kind === "rank" || window.kind === "row-number");
  const names = ranks.map(({ name }) => name);
  if (names.includes(top.by)) return;
  throw new QueryError(`The question has no rank ${JSON.stringify(top.by)}.${suggestion(top.by, names)}`);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function hintOf(model: DatasetModel): string {
  return `${model.name} has the measures ${Object.keys(model.measures).join(", ")}.`;
}

function known<Value>(what: string, name: string, declared: Readonly<Record<string, Value>>): Value {
  const value = Object.hasOwn(declared, name) ? declared[name] : undefined;
  if (value !== undefined) return value;
  const names = Object.keys(declared);
  throw new QueryError(`There is no ${what} ${JSON.stringify(name)}.${suggestion(name, names)}`, {
    hint: `Known are ${names.join(", ")}.`,
    context: { [what]: name },
  });
}

function factOf(measure: Measure): string {
  return measure.kind === "count" ? measure.table : splitReference(measure.column)[0];
}

/** A dimension of a fact table. Throws QueryError if it has none of this name. */
export function dimensionOf(model: DatasetModel, fact: string, name: string): AskedDimension {
  const place = columnAt(model, known("dimension", name, model.dimensions));
  if (place.table === fact) return { name, place, via: undefined };
  const via = joinColumn(tableOf(model, fact), place.table);
  if (via === undefined)
    throw new QueryError(
      `${fact} has no dimension ${JSON.stringify(name)}: it does not join ${place.table}.`,
    );
  return { name, place, via };
}

function checkWindow(
  name: string,
  window: WindowMeasure,
  asked: { readonly dimensions: readonly AskedDimension[]; readonly measures: readonly string[] },
): WindowMeasure {
  const { dimensions, measures } = asked;
  const by = dimensions.map((each) => each.name);
  if ([...by, ...measures].includes(name) || !/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new QueryError(`${JSON.stringify(name)} cannot be the name of a window measure.`, {
      hint: "Use lower-case letters, digits and _, and a name that no other column has.",
    });
  }
  const among = (what: string, wanted: string, names: readonly string[]): void => {
    if (names.includes(wanted)) return;
    throw new QueryError(
      `${name}: the question asks for no ${what} ${JSON.stringify(wanted)}.${suggestion(wanted, names)}`,
    );
  };
  among("measure", window.of, measures);
  const used =
    window.kind === "growth" || window.kind === "previous"
      ? [window.along]
      : window.kind === "moving-average"
        ? window.along
        : window.within;
  for (const dimension of used) among("dimension", dimension, by);
  if (
    window.kind === "moving-average" &&
    !(Number.isSafeInteger(window.size) && window.size >= 1 && window.size <= 1_000)
  ) {
    throw new QueryError(`${name}: the size is ${window.size}.`, {
      hint: "Give a whole number from 1 to 1000.",
    });
  }
  const stepped = window.kind === "growth" || window.kind === "previous" ? window : undefined;
  const along = dimensions.find((each) => each.name === stepped?.along);
  if (along !== undefined && !["integer", "date"].includes(along.place.column.kind)) {
    throw new QueryError(
      `${name}: ${window.kind} goes along whole numbers or days, and ${along.name} is of kind ${along.place.column.kind}.`,
    );
  }
  checkCount(`step of ${name}`, stepped?.step);
  return window;
}

function orderOf(
  given: readonly string[] | undefined,
  columns: readonly string[],
  dimensions: readonly AskedDimension[],
): ResolvedQuestion["order"] {
  const wanted = (given ?? []).map((text) => {
    const descending = text.startsWith("-");
    const name = descending ? text.slice(1) : text;
    if (!columns.includes(name)) {
      throw new QueryError(
        `The answer has no column ${JSON.stringify(name)} to order by.${suggestion(name, columns)}`,
      );
    }
    return { name, descending };
  });
  // The dimensions come last in any case, so that equal rows have one order.
  const rest = dimensions.filter(({ name }) => !wanted.some((each) => each.name === name));
  return [...wanted, ...rest.map(({ name }) => ({ name, descending: false }))];
}
