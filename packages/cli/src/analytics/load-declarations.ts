import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type DatasetModel, dataset } from "@agentflow/analytics";
import { AgentFlowError, ValidationError } from "@agentflow/core";

function isDeclaration(value: unknown): value is DatasetModel {
  const parts = ["tables", "dimensions", "measures", "hierarchies"] as const;
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { name?: unknown }).name === "string" &&
    parts.every((part) => typeof (value as Record<string, unknown>)[part] === "object")
  );
}

/**
 * The datasets that a TypeScript or JavaScript file exports, each checked. Throws ValidationError if the file is missing
 * or cannot be loaded, DatasetError for a declaration that is not valid.
 */
export async function loadDeclarations(file: string): Promise<DatasetModel[]> {
  if (!existsSync(file)) throw new ValidationError("AF_ARGUMENT_INVALID", `${file} does not exist.`);
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href).catch(
    (cause: unknown) => {
      if (cause instanceof AgentFlowError) throw cause;
      const [message] = String(cause instanceof Error ? cause.message : cause).split("\n", 1);
      throw new ValidationError("AF_ARGUMENT_INVALID", `${file} cannot be loaded: ${message}`, { cause });
    },
  );
  // The file may have been written for another version of the package, or without types.
  return Object.values(module)
    .filter(isDeclaration)
    .map((model) => dataset(model.name, model as never) as DatasetModel);
}

/** The declaration of this name. Throws ValidationError if it is none of these. */
export function declaredModel(models: readonly DatasetModel[], name: string, file: string): DatasetModel {
  const found = models.find((model) => model.name === name);
  if (found !== undefined) return found;
  const names = models.map((model) => model.name);
  throw new ValidationError("AF_ARGUMENT_INVALID", `${file} does not declare the dataset ${name}.`, {
    hint: names.length === 0 ? "Export the result of dataset(...)." : `It declares ${names.join(", ")}.`,
  });
}
