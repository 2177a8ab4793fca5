import { isNumeric } from "./column.ts";
import { splitReference, suggestion } from "./column-reference.ts";
import type { DatasetModel, Rollup } from "./dataset-model.ts";
import type { Measure } from "./measure.ts";
import type { Table } from "./table.ts";

const namePattern = /^[a-z][a-z0-9_]{0,62}$/;

/** Lists what is wrong with a declaration, one sentence each; none if it is sound. */
export function modelProblems(model: DatasetModel): string[] {
  const problems: string[] = [];
  if (!namePattern.test(model.name)) problems.push(nameProblem("dataset", model.name));
  for (const [name, table] of Object.entries(model.tables)) {
    for (const problem of tableProblems(model, table))
      problems.push(`table ${JSON.stringify(name)}: ${problem}`);
    if (!namePattern.test(name)) problems.push(nameProblem("table", name));
  }
  for (const [name, reference] of Object.entries(model.dimensions)) {
    const problem = referenceProblem(model, reference) ?? unreachable(model, reference);
    if (problem !== undefined) problems.push(`dimension ${JSON.stringify(name)}: ${problem}`);
    if (!namePattern.test(name)) problems.push(nameProblem("dimension", name));
  }
  for (const [name, measure] of Object.entries(model.measures)) {
    const problem = measureProblem(model, measure);
    if (problem !== undefined) problems.push(`measure ${JSON.stringify(name)}: ${problem}`);
    if (!namePattern.test(name)) problems.push(nameProblem("measure", name));
    if (Object.hasOwn(model.dimensions, name)) {
      problems.push(`measure ${JSON.stringify(name)}: there is a dimension of this name.`);
    }
  }
  for (const [name, levels] of Object.entries(model.hierarchies)) {
    if (levels.length === 0) problems.push(`hierarchy ${JSON.stringify(name)}: it has no dimensions.`);
    for (const level of levels.filter((each) => !Object.hasOwn(model.dimensions, each))) {
      const near = suggestion(level, Object.keys(model.dimensions));
      problems.push(
        `hierarchy ${JSON.stringify(name)}: there is no dimension ${JSON.stringify(level)}.${near}`,
      );
    }
  }
  for (const [name, rollup] of Object.entries(model.rollups ?? {})) {
    for (const problem of rollupProblems(model, rollup))
      problems.push(`rollup ${JSON.stringify(name)}: ${problem}`);
    if (!namePattern.test(name)) problems.push(nameProblem("rollup", name));
  }
  return problems;
}

function rollupProblems(model: DatasetModel, { of, by }: Rollup): string[] {
  const table = model.tables[of];
  if (table === undefined)
    return [`there is no table ${JSON.stringify(of)}.${suggestion(of, Object.keys(model.tables))}`];
  if (!isFact(table)) return [`${JSON.stringify(of)} is no fact table: it joins nothing.`];
  const names = Object.keys(model.dimensions);
  const problems = by.length === 0 ? ["it has no dimensions."] : [];
  for (const name of by) {
    const reference = Object.hasOwn(model.dimensions, name) ? model.dimensions[name] : undefined;
    if (reference === undefined) {
      problems.push(`there is no dimension ${JSON.stringify(name)}.${suggestion(name, names)}`);
      continue;
    }
    const [joined] = splitReference(reference);
    if (joined !== of && !Object.values(table.joins).includes(joined))
      problems.push(`${of} has no dimension ${JSON.stringify(name)}: it does not join ${joined}.`);
  }
  return problems;
}

function nameProblem(what: string, name: string): string {
  return `${what} ${JSON.stringify(name)}: a name has 1 to 63 lower-case letters, digits and _, and begins with a letter.`;
}

function tableProblems(model: DatasetModel, table: Table): string[] {
  const problems: string[] = [];
  const names = Object.keys(table.columns);
  const requireColumn = (what: string, name: string): void => {
    if (!names.includes(name))
      problems.push(`${what} ${JSON.stringify(name)} is no column.${suggestion(name, names)}`);
  };
  for (const name of names.filter((each) => !namePattern.test(each)))
    problems.push(nameProblem("column", name));
  if (table.key.length === 0) problems.push("it has no key.");
  for (const name of table.key) requireColumn("key", name);
  for (const name of table.order) requireColumn("order", name);
  if (table.day !== undefined) requireColumn("day", table.day);
  if (table.versions !== undefined) {
    const { of, from, until, current } = table.versions;
    for (const name of [of, from, until, current]) requireColumn("version column", name);
    if (table.columns[until]?.optional === false) {
      problems.push(
        `version column ${JSON.stringify(until)} is not optional, but the open version has no end.`,
      );
    }
  }
  for (const [column, target] of Object.entries(table.joins)) {
    requireColumn("join", column);
    const joined = model.tables[target];
    if (joined === undefined) {
      problems.push(
        `it joins ${JSON.stringify(target)}, which is no table.${suggestion(target, Object.keys(model.tables))}`,
      );
    } else if (isFact(joined)) problems.push(`it joins ${JSON.stringify(target)}, which is a fact table.`);
  }
  if (isFact(table)) problems.push(...partitionProblems(model, table));
  return problems;
}

function isFact(table: Table): boolean {
  return Object.keys(table.joins).length > 0;
}

function partitionProblems(model: DatasetModel, table: Table): string[] {
  if (table.partitions === undefined) return [];
  const { table: name, columns } = table.partitions;
  const target = model.tables[name];
  if (target === undefined || !Object.values(table.joins).includes(name)) {
    return [`it is partitioned by ${JSON.stringify(name)}, which it does not join.`];
  }
  const known = Object.keys(target.columns);
  return columns
    .filter((column) => !known.includes(column))
    .map(
      (column) => `partition ${JSON.stringify(column)} is no column of ${name}.${suggestion(column, known)}`,
    );
}

function referenceProblem(model: DatasetModel, reference: string): string | undefined {
  const [tableName, column] = splitReference(reference);
  const table = model.tables[tableName];
  if (table === undefined) {
    return `there is no table ${JSON.stringify(tableName)}.${suggestion(tableName, Object.keys(model.tables))}`;
  }
  if (Object.hasOwn(table.columns, column)) return undefined;
  return `${tableName} has no column ${JSON.stringify(column)}.${suggestion(column, Object.keys(table.columns))}`;
}

function unreachable(model: DatasetModel, reference: string): string | undefined {
  const [name] = splitReference(reference);
  const reached = Object.entries(model.tables).some(
    ([fact, table]) => isFact(table) && (fact === name || Object.values(table.joins).includes(name)),
  );
  return reached ? undefined : `no fact table joins ${JSON.stringify(name)}.`;
}

function measureProblem(model: DatasetModel, measure: Measure): string | undefined {
  if (measure.kind === "percentile" && !(measure.percent > 0 && measure.percent < 100)) {
    return `a percentile lies between 0 and 100, not at ${measure.percent}.`;
  }
  const references =
    measure.kind === "count"
      ? []
      : measure.kind === "ratio"
        ? [measure.column, measure.per]
        : [measure.column];
  for (const reference of references) {
    const problem = referenceProblem(model, reference);
    if (problem !== undefined) return problem;
  }
  const tables =
    measure.kind === "count" ? [measure.table] : references.map((each) => splitReference(each)[0]);
  for (const name of tables) {
    const table = model.tables[name];
    if (table === undefined)
      return `there is no table ${JSON.stringify(name)}.${suggestion(name, Object.keys(model.tables))}`;
    if (!isFact(table)) return `${name} is no fact table: it joins nothing.`;
  }
  if (new Set(tables).size > 1) return "its columns belong to different tables.";
  if (measure.kind === "distinct") return undefined;
  const [table] = tables;
  if (measure.kind === "closing" && model.tables[table ?? ""]?.day === undefined)
    return `${table} has no day, so that none is the last.`;
  for (const reference of references) {
    const [name, field] = splitReference(reference);
    const column = model.tables[name]?.columns[field];
    if (column !== undefined && !isNumeric(column))
      return `${reference} is of kind ${column.kind}, which cannot be computed with.`;
  }
  return undefined;
}
