import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { QuestionPlan } from "../plan/plan-question.ts";
import type { Question } from "../plan/question.ts";
import { resolveQuestion } from "../plan/resolve-question.ts";
import type { Answer } from "./answer.ts";
import { bareScanSql } from "./bare-scan.ts";
import { countRowGroups } from "./count-row-groups.ts";
import type { DuckConnection } from "./duck-database.ts";
import { profileQuery } from "./profile-query.ts";
import type { Receipt } from "./receipt.ts";
import { measureUse } from "./resource-use.ts";

/** What a plan is done with. */
export interface PlanRequest {
  readonly model: DatasetModel;
  readonly question: Question;
  readonly directory: string;
  /** A folder that the database reaches, for what its profiler writes. */
  readonly scratch: string;
  readonly profile: boolean;
  readonly signal: AbortSignal;
}

/** Does a plan, and says in a receipt what that took. The only place that puts receipts of questions together. */
export async function answerPlan(
  connection: DuckConnection,
  plan: QuestionPlan,
  request: PlanRequest,
): Promise<Answer> {
  const { sql, parameters, files, rollup } = plan;
  const { profile, signal, scratch } = request;
  if (profile) await mkdir(scratch, { recursive: true });
  const path = join(scratch, `profile-${randomUUID()}.json`);
  const measured = measureUse();
  const done = profile
    ? await profileQuery(connection, { sql, parameters, path, signal })
    : { result: await connection.query(sql, parameters, signal), profile: {} };
  const use = measured();
  const receipt: Receipt = {
    filesRead: files.opened.length,
    filesSkipped: files.skipped.length,
    rowsInFiles: files.opened.reduce((sum, { rows }) => sum + rows, rollup?.rows ?? 0),
    bytesInFiles: files.opened.reduce((sum, { sizeBytes }) => sum + sizeBytes, rollup?.sizeBytes ?? 0),
    ...(rollup === undefined ? {} : { rollup: rollup.name }),
    ...done.profile,
    ...(profile ? await rowGroupsOf(connection, plan, request) : {}),
    ...(profile ? await bareScanOf(connection, plan, request) : {}),
    ...use,
    resultRows: done.result.rows.length,
  };
  return { ...done.result, sql, receipt };
}

async function rowGroupsOf(
  connection: DuckConnection,
  { files, fact }: QuestionPlan,
  { model, directory, question }: PlanRequest,
): Promise<Pick<Receipt, "rowGroups">> {
  const parquet = files.opened.filter(({ format }) => format === "parquet");
  if (parquet.length === 0) return {};
  const { columns } = tableOf(model, fact);
  const { filters } = resolveQuestion(model, question);
  return { rowGroups: await countRowGroups(connection, parquet, { directory, columns, filters }) };
}

async function bareScanOf(
  connection: DuckConnection,
  plan: QuestionPlan,
  { model, directory, signal }: PlanRequest,
): Promise<Pick<Receipt, "bareScanMs">> {
  const sql = bareScanSql(tableOf(model, plan.fact).columns, plan, directory);
  if (sql === undefined) return {};
  const measured = measureUse();
  await connection.query(sql, [], signal);
  return { bareScanMs: measured().wallMs };
}
