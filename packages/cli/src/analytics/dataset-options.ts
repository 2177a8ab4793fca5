import { resolve } from "node:path";
import { type DatasetModel, readManifest, sales } from "@agentflow/analytics";
import { UsageError, ValidationError } from "@agentflow/core";
import { textOption } from "../command-configuration.ts";
import type { Session } from "../session.ts";
import type { CommandInput } from "../spec/command-spec.ts";

/** The folder of the dataset that a command is about if none is given. */
export const defaultDataset = "data/sales";

/** The folder that an argument or option means. */
export function datasetFolder(given: unknown, session: Session, fallback = defaultDataset): string {
  return resolve(session.directory, typeof given === "string" ? given : fallback);
}

/** The declaration of the dataset in a folder. Throws DatasetError if there is none, ValidationError for a strange one. */
export async function modelIn(directory: string): Promise<DatasetModel> {
  const { dataset } = await readManifest(directory);
  if (dataset === sales.name) return sales;
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    `${directory} holds the dataset ${dataset}, whose declaration af does not have.`,
    {
      hint: "Open it from a program that has the declaration: OpenDataset.open(model, folder).",
    },
  );
}

/** Threads and memory as they were given. */
export function duckOptions(input: CommandInput): { threads?: number; memoryLimitMb?: number } {
  const threads = optionalNumber(input, "threads", "threads", 1_024);
  const memoryLimitMb = optionalNumber(input, "memoryLimit", "memory-limit", 1_048_576);
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
  };
}

/** A whole number above 0, or undefined. Throws UsageError. */
export function optionalNumber(
  input: CommandInput,
  key: string,
  flag: string,
  max: number,
): number | undefined {
  const given = textOption(input, key);
  if (given === undefined) return undefined;
  const number = Number(given);
  if (/^\d+$/.test(given) && number >= 1 && number <= max) return number;
  throw new UsageError(`--${flag} is ${JSON.stringify(given)}.`, {
    hint: `Give a whole number from 1 to ${max}.`,
  });
}
