import { toFailure } from "@agentflow/core";
import { errorPage } from "../error-report.ts";

/** One thing that `af validate` looked at. */
export interface Check {
  /** Which thing: `node`, `versions`, `place`, `configuration`, `store`, `runs directory`, or a workflow file. */
  readonly name: string;
  readonly status: "ok" | "warning" | "error" | "skipped";
  readonly message: string;
  readonly hint?: string;
  /** Path of the page that explains it. */
  readonly docs?: string;
}

/** A check that met an error. */
export function failedCheck(name: string, error: unknown): Check {
  const { code, message, hint } = toFailure(error);
  const docs = errorPage(code);
  return {
    name,
    status: "error",
    message: `${code}: ${message}`,
    ...(hint === undefined ? {} : { hint }),
    ...(docs === undefined ? {} : { docs }),
  };
}
