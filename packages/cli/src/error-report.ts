import { AgentFlowError, errorCodes, type Failure, isErrorCode, toFailure } from "@agentflow/core";
import { exitCodes } from "./spec/exit-codes.ts";
import type { Colors, Output } from "./terminal/output.ts";
import { oneLine } from "./terminal/text-table.ts";

/** An error as `--json` prints it. */
export interface ErrorObject {
  readonly code: string;
  readonly class: string;
  readonly message: string;
  readonly hint?: string;
  readonly docs?: string;
  readonly context?: Failure["context"];
  readonly causes: readonly string[];
}

/** The messages below a failure, outermost first. */
function causesOf(failure: Failure): string[] {
  const causes: string[] = [];
  for (let cause = failure.cause; cause !== undefined; cause = cause.cause) {
    causes.push(`${cause.code === "AF_THROWN" ? cause.name : cause.code}: ${cause.message}`);
  }
  return causes;
}

/** Path of the page of a code in the repository and the package, if the code is one of ours. */
export function errorPage(code: string): string | undefined {
  return isErrorCode(code) ? `docs/errors/${code}.md` : undefined;
}

/** Turns a failure into what `--json` prints. */
export function errorObject(failure: Failure): ErrorObject {
  const docs = errorPage(failure.code);
  return {
    code: failure.code,
    class: failure.class,
    message: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(docs === undefined ? {} : { docs }),
    ...(failure.context === undefined ? {} : { context: failure.context }),
    causes: causesOf(failure),
  };
}

/** Writes a failure in a few lines: code and message, causes, hint, page. */
export function failureLines(failure: Failure, colors: Colors): string[] {
  const { red, bold, dim } = colors;
  const page = errorPage(failure.code);
  return [
    `${red(bold(`error ${failure.code}`))} ${oneLine(failure.message)}`,
    ...causesOf(failure).map((cause) => `  ${dim("cause")} ${oneLine(cause)}`),
    ...(failure.hint === undefined ? [] : [`  ${dim("hint")}  ${oneLine(failure.hint)}`]),
    ...(page === undefined ? [] : [`  ${dim("docs")}  ${page}`]),
  ];
}

/** Reports what stopped a command, and gives the exit code. An error that is not ours is a bug and shows its stack. */
export function reportError(error: unknown, output: Output): number {
  const failure = toFailure(error);
  for (const line of failureLines(failure, output.noteColors)) output.note(line);
  if (!(error instanceof AgentFlowError) || error.code === "AF_INVARIANT") {
    output.note(output.noteColors.dim(failure.stack ?? ""));
  }
  if (output.json) output.object({ error: errorObject(failure) });
  return isErrorCode(failure.code) ? errorCodes[failure.code].exitCode : exitCodes.runFailed;
}
