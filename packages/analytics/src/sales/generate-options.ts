import { availableParallelism } from "node:os";
import { ValidationError } from "@agentflow/core";
import type { OnProgress } from "../generate/work-progress.ts";
import { compressions, type FileOptions } from "../storage/file-options.ts";
import { type PartitionColumn, partitionColumns } from "./sales-days.ts";

/** What `sales` is made of; the same values give the same bytes (OLP-2). */
export interface SalesParameters {
  /** Lines in the years 2021 to 2023; up to 1,000,000,000. */
  readonly rows: number;
  /** A whole number below 2^32; 42 if not given. */
  readonly seed?: number;
  /** Customers; 1,000,000 if not given. */
  readonly customers?: number;
  /** The last month, such as "2023-12"; the last of 2023 if not given. */
  readonly until?: string;
  /** The folders of the fact table: a beginning of year, quarter, month, day; the first three if not given. */
  readonly partitionBy?: readonly PartitionColumn[];
}

/** How `sales` is generated. */
export interface GenerateOptions extends SalesParameters, Partial<FileOptions> {
  /** Files written at once; one for each core, at most 8, if not given. */
  readonly workers?: number;
  readonly threads?: number;
  readonly memoryLimitMb?: number;
  readonly onProgress?: OnProgress;
}

const rowsMax = 1_000_000_000;
const monthPattern = /^(20[2-9]\d)-(0[1-9]|1[0-2])$/;

function refuse(message: string, hint: string): never {
  throw new ValidationError("AF_ARGUMENT_INVALID", message, { hint });
}

function requireWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  refuse(`${name} is ${value}.`, `Give a whole number from ${min} to ${max}.`);
}

/** The year and month of a text such as "2023-12". Throws ValidationError. */
export function readMonth(text: string): { readonly year: number; readonly month: number } {
  const [, year, month] = monthPattern.exec(text) ?? [];
  if (year === undefined || Number(year) < 2021) {
    refuse(`${JSON.stringify(text)} is no month of sales.`, "Give a month from 2021-01 to 2099-12.");
  }
  return { year: Number(year), month: Number(month) };
}

/** Fills in what was not given. Throws ValidationError (AF_ARGUMENT_INVALID) for what is out of range. */
export function checkedParameters(given: SalesParameters): Required<SalesParameters> {
  const {
    rows,
    seed = 42,
    customers = 1_000_000,
    until = "2023-12",
    partitionBy = partitionColumns.slice(0, 3),
  } = given;
  requireWhole("rows", rows, 1, rowsMax);
  requireWhole("seed", seed, 0, 0xffffffff);
  requireWhole("customers", customers, 1, 100_000_000);
  readMonth(until);
  if (partitionBy.some((column, index) => column !== partitionColumns[index])) {
    refuse(`partitionBy is ${partitionBy.join(",")}.`, "Give a beginning of year,quarter,month,day.");
  }
  return { rows, seed, customers, until, partitionBy };
}

/** How many files are written at once. Throws ValidationError (AF_ARGUMENT_INVALID). */
export function checkedWorkers(workers = Math.min(8, availableParallelism())): number {
  requireWhole("workers", workers, 1, 64);
  return workers;
}

/** Fills in how files are written. Throws ValidationError (AF_ARGUMENT_INVALID) for what is out of range. */
export function checkedFileOptions(given: Partial<FileOptions>): Required<FileOptions> {
  const { formats = ["parquet"], compression = "zstd", rowGroupRows = 122_880 } = given;
  if (formats.length === 0) refuse("formats is empty.", "Give parquet, csv, or both.");
  if (!compressions.includes(compression))
    refuse(`compression is ${compression}.`, `Give ${compressions.join(", ")}.`);
  requireWhole("rowGroupRows", rowGroupRows, 2_048, 10_000_000);
  // Parquet first: CSV is then written from it.
  return { formats: [...new Set(formats)].sort().reverse(), compression, rowGroupRows };
}
