import { resolve } from "node:path";
import { type DatasetModel, readManifest, runs, sales } from "@agentflow/analytics";
import { UsageError, ValidationError } from "@agentflow/core";
import { textOption } from "../command-configuration.ts";
import type { Session } from "../session.ts";
import type { CommandInput } from "../spec/command-spec.ts";
import { declaredModel, loadDeclarations } from "./load-declarations.ts";

/** The folder of the dataset that a command is about if none is given. */
export const defaultDataset = "data/sales";

/** The folder that an argument or option means. */
export function datasetFolder(given: unknown, session: Session, fallback = defaultDataset): string {
  return resolve(session.directory, typeof given === "string" ? given : fallback);
}

const shipped: readonly DatasetModel[] = [sales, runs];

/** The declaration of a dataset that af has, or undefined. */
export function shippedModel(name: string): DatasetModel | undefined {
  return shipped.find((model) => model.name === name);
}

/**
 * The declaration of the dataset in a folder: from the file that `--declaration` names, or one that af has. Throws
 * DatasetError if there is no dataset, ValidationError if there is no declaration of it.
 */
export async function modelIn(
  directory: string,
  input: CommandInput,
  session: Session,
): Promise<DatasetModel> {
  const { dataset } = await readManifest(directory);
  const file = textOption(input, "declaration");
  if (file !== undefined) {
    return declaredModel(await loadDeclarations(resolve(session.directory, file)), dataset, file);
  }
  const model = shippedModel(dataset);
  if (model !== undefined) return model;
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    `${directory} holds the dataset ${dataset}, whose declaration af does not have.`,
    { hint: "Name the file that exports it: --declaration FILE." },
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
