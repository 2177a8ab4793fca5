import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentFlowError, UsageError } from "agentflow";
import { type Choices, checkChoices, readChoices, usage } from "./choices.ts";
import { runWithAf } from "./run-with-af.ts";

const workflowFile = fileURLToPath(new URL("workflow.ts", import.meta.url));
const runsDirectory = "runs";
// The exit codes of `af`.
const exitCodes = { ok: 0, failed: 1, usage: 2, invalidInput: 3 } as const;

/** The members of what `af run --json` prints that are read here. */
interface PrintedRun {
  readonly runId?: string;
  readonly state?: { readonly report?: string };
  readonly error?: PrintedError;
}

interface PrintedError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly docs?: string;
}

function printError({ code, message, hint, docs }: PrintedError): void {
  process.stderr.write(`error ${code} ${message}\n`);
  if (hint !== undefined) process.stderr.write(`  hint  ${hint}\n`);
  if (docs !== undefined) process.stderr.write(`  docs  ${docs}\n`);
}

function printRun({ runId, state, error }: PrintedRun): void {
  // Without a run, `af` has said itself what was wrong.
  if (runId === undefined) return;
  if (error !== undefined) printError(error);
  if (state?.report === undefined || state.report === "") return;
  process.stdout.write(`${join(runsDirectory, runId, "artifacts", state.report)}\n`);
  process.stderr.write(
    [
      "Read the report above; look at how it came about with:",
      `  npx af show ${runId}`,
      `  npx af tail ${runId}`,
      `  npx af replay ${runId}`,
      "",
    ].join("\n"),
  );
}

async function answer(choices: Choices): Promise<number> {
  await checkChoices(choices);
  const { question, query, model, json } = choices;
  const words = ["run", workflowFile, "--input", "-", "--runs-directory", runsDirectory, "--json"];
  const { exitCode, output } = await runWithAf(words, JSON.stringify({ question, model, ...query }));
  if (json) process.stdout.write(output);
  else if (output.trim() !== "") printRun(JSON.parse(output));
  return exitCode;
}

async function main(words: readonly string[]): Promise<number> {
  try {
    const choices = readChoices(words, process.cwd());
    if (!choices.help) return await answer(choices);
    process.stdout.write(usage);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof AgentFlowError)) throw error;
    printError(error);
    if (words.includes("--json")) {
      const { code, message, hint, docs } = error;
      process.stdout.write(`${JSON.stringify({ error: { code, message, hint, docs } })}\n`);
    }
    return error instanceof UsageError ? exitCodes.usage : exitCodes.invalidInput;
  }
}

process.exitCode = await main(process.argv.slice(2));
