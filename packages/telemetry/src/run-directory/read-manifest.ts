import { readFile } from "node:fs/promises";
import { RunImportError } from "@agentflow/core";
import { ifThere } from "../run-events/if-there.ts";
import { type Manifest, manifestFormat } from "./manifest.ts";

/** Reads a manifest file. Throws RunImportError if it is missing, torn or of another format. */
export async function readManifest(path: string): Promise<Manifest> {
  const text = await ifThere(readFile(path, "utf8"));
  if (text === undefined) throw new RunImportError(`There is no ${path}.`, { context: { path } });
  let value: Partial<Manifest> | null;
  try {
    value = JSON.parse(text) as Partial<Manifest> | null;
  } catch (error) {
    throw new RunImportError(`${path} is no JSON.`, { cause: error, context: { path } });
  }
  const { format, runId, events } = value ?? {};
  if (format !== manifestFormat) {
    throw new RunImportError(`${path} has format ${JSON.stringify(format)}, not ${manifestFormat}.`, {
      context: { path },
    });
  }
  if (typeof runId !== "string" || !Number.isInteger(events?.count) || typeof events?.sha256 !== "string") {
    throw new RunImportError(`${path} does not say which run it is of and which events it tells.`, {
      context: { path },
    });
  }
  return value as Manifest;
}
