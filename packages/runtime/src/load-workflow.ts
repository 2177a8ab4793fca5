import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { extname, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AgentFlowError, isWorkflow, type Workflow, WorkflowFileError } from "@agentflow/core";

/** A workflow and where it came from, so that it can be found again from another folder. */
export interface LoadedWorkflow {
  readonly workflow: Workflow;
  /** Absolute path. */
  readonly file: string;
  readonly exportName: string;
}

const extensions = [".ts", ".mts", ".js", ".mjs"];

/** The first "file:line" that a stack names outside Node itself: of a syntax error, or of the frame that threw. */
function placeOf(stack: string): string | undefined {
  const [first = ""] = stack.split("\n", 1);
  const header = /^(\S.*):(\d+)$/.exec(first);
  const frame = /(?:\(|\bat |async )((?:file:\/\/|\/|[A-Za-z]:\\)[^()\n]*?):(\d+):\d+\)?$/m.exec(stack);
  const found = header ?? frame;
  if (found?.[1] === undefined) return undefined;
  const path = found[1].startsWith("file://") ? fileURLToPath(found[1]) : found[1];
  return `${relative(process.cwd(), path) || path}:${found[2]}`;
}

// Node keeps the place of a syntax error in plain JavaScript to itself; its TypeScript parser tells.
async function placeOfSyntaxError(file: string): Promise<string | undefined> {
  try {
    stripTypeScriptTypes(await readFile(file, "utf8"), { sourceUrl: file });
    return undefined;
  } catch (error) {
    return error instanceof Error && error.stack !== undefined ? placeOf(error.stack) : undefined;
  }
}

async function loadFailure(file: string, cause: unknown): Promise<Error> {
  // A graph that does not check says more about itself than "cannot be loaded".
  if (cause instanceof AgentFlowError) return cause;
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const place =
    placeOf(error.stack ?? "") ?? (error instanceof SyntaxError ? await placeOfSyntaxError(file) : undefined);
  const [message] = error.message.split("\n", 1);
  return new WorkflowFileError(
    "AF_WORKFLOW_FILE_INVALID",
    `${place ?? relative(process.cwd(), file)}: ${message}`,
    {
      cause,
      context: place === undefined ? { file } : { file, place },
    },
  );
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    throw await loadFailure(file, cause);
  }
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.join(", ");
}

function pick(module: Record<string, unknown>, file: string, exportName: string | undefined): LoadedWorkflow {
  const names = Object.keys(module);
  const workflows = names.filter((name) => isWorkflow(module[name]));
  const shown = relative(process.cwd(), file);
  const refuse = (message: string, hint: string): never => {
    throw new WorkflowFileError("AF_WORKFLOW_EXPORT", message, {
      hint,
      context: { file, exports: names, workflows },
    });
  };
  const take = (name: string): LoadedWorkflow => ({
    workflow: module[name] as Workflow,
    file,
    exportName: name,
  });
  if (exportName !== undefined) {
    if (workflows.includes(exportName)) return take(exportName);
    const problem = names.includes(exportName) ? "which is no workflow" : "which does not exist";
    return refuse(
      `${shown} was asked for its export ${exportName}, ${problem}.`,
      `It exports ${listed(names)}; workflows among them: ${listed(workflows)}.`,
    );
  }
  const only = workflows.includes("default") ? "default" : workflows[0];
  if (only === undefined) {
    return refuse(
      `${shown} exports no workflow.`,
      `Export the result of \`.end(...)\`; it exports ${listed(names)}.`,
    );
  }
  if (workflows.length > 1 && only !== "default") {
    return refuse(`${shown} exports several workflows.`, `Name one of ${listed(workflows)}.`);
  }
  return take(only);
}

/**
 * Loads a workflow from a TypeScript or JavaScript file: the named export, else the default one, else the only one.
 * Throws WorkflowFileError with the file and line if it does not load, and the GraphError of a graph that does not
 * check.
 */
export async function loadWorkflow(path: string, exportName?: string): Promise<LoadedWorkflow> {
  const { module, file } = await openModule(path);
  return pick(module, file, exportName);
}

/** Loads all workflows that a file exports, each once. Throws as `loadWorkflow` does, also if it exports none. */
export async function loadWorkflows(path: string): Promise<readonly LoadedWorkflow[]> {
  const { module, file } = await openModule(path);
  const found = new Map<Workflow, LoadedWorkflow>();
  for (const [exportName, value] of Object.entries(module))
    if (isWorkflow(value) && !found.has(value)) found.set(value, { workflow: value, file, exportName });
  return found.size > 0 ? [...found.values()] : [pick(module, file, undefined)];
}

async function openModule(
  path: string,
): Promise<{ readonly module: Record<string, unknown>; readonly file: string }> {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    const what = existsSync(file) ? "is no file" : "does not exist";
    throw new WorkflowFileError("AF_WORKFLOW_FILE_NOT_FOUND", `${path} ${what}.`, { context: { file } });
  }
  if (!extensions.includes(extname(file))) {
    throw new WorkflowFileError(
      "AF_WORKFLOW_FILE_INVALID",
      `${path} is no TypeScript or JavaScript module.`,
      {
        hint: `A workflow file ends in ${extensions.join(", ")}.`,
        context: { file },
      },
    );
  }
  return { module: await importModule(file), file };
}
