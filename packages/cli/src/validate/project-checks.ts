import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { withoutPassword } from "@agentflow/core";
import { type Configuration, loadWorkflow, openBackend, storeExists } from "@agentflow/runtime";
import { formatCount } from "../terminal/format-count.ts";
import { type Check, failedCheck } from "./check.ts";

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

/** Checks that files can be written below a folder that may not exist yet. */
export function folderCheck(name: string, folder: string): Check {
  const existing = nearestExisting(resolve(folder));
  try {
    accessSync(existing, constants.W_OK);
    if (!statSync(existing).isDirectory()) throw new Error(`${existing} is a file`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      name,
      status: "error",
      message: `${folder} cannot be written: ${reason}.`,
      hint: `Give this user write access to ${existing}, or choose another folder.`,
    };
  }
  return {
    name,
    status: "ok",
    message: existing === resolve(folder) ? folder : `${folder} will be created.`,
  };
}

/** Checks that the configured store opens. One that does not exist yet is not made. */
export async function storeCheck({ options }: Configuration): Promise<Check> {
  const name = "store";
  try {
    if (typeof options.store === "string" && !storeExists(options.store)) {
      const folder = dirname(options.store.slice(options.store.indexOf(":") + 1));
      const check = folderCheck(name, folder);
      return check.status === "ok" ? { ...check, message: `${options.store} will be created.` } : check;
    }
    const backend = await openBackend(options);
    await backend.runs.close();
    return { name, status: "ok", message: `${withoutPassword(String(options.store))} opens.` };
  } catch (error) {
    return failedCheck(name, error);
  }
}

/** Checks that a workflow file loads and that its graph is sound. */
export async function workflowCheck(
  path: string,
  from: { readonly directory: string; readonly exportName: string | undefined },
): Promise<Check> {
  const name = `workflow ${path}`;
  try {
    const { workflow } = await loadWorkflow(resolve(from.directory, path), from.exportName);
    const { nodes } = workflow.model;
    return {
      name,
      status: "ok",
      message: `${workflow.name} ${workflow.version}, ${formatCount(nodes.length, "node")}.`,
    };
  } catch (error) {
    return failedCheck(name, error);
  }
}
