import type { Configuration } from "@agentflow/runtime";
import { commandConfiguration, textOption } from "../command-configuration.ts";
import type { Session } from "../session.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import type { Colors } from "../terminal/output.ts";
import { type Check, failedCheck } from "../validate/check.ts";
import { environmentChecks, placeOf, thisMachine, versionChecks } from "../validate/environment-checks.ts";
import { folderCheck, storeCheck, workflowCheck } from "../validate/project-checks.ts";

function checkLines({ name, status, message, hint, docs }: Check, colors: Colors): string[] {
  const color = { ok: colors.green, warning: colors.yellow, error: colors.red, skipped: colors.dim }[status];
  return [
    `${color(status.padEnd(8))} ${name}: ${message}`,
    ...(hint === undefined ? [] : [`${" ".repeat(9)}${colors.dim("hint")} ${hint}`]),
    ...(docs === undefined ? [] : [`${" ".repeat(9)}${colors.dim("docs")} ${docs}`]),
  ];
}

async function configurationChecks(input: CommandInput, session: Session): Promise<Check[]> {
  let configuration: Configuration;
  try {
    configuration = await commandConfiguration(input, session);
  } catch (error) {
    return [failedCheck("configuration", error)];
  }
  const { runsDirectory } = configuration.options;
  return [
    {
      name: "configuration",
      status: "ok",
      message: configuration.file ?? "No file; defaults, variables and flags.",
    },
    await storeCheck(configuration),
    runsDirectory === undefined
      ? { name: "runs directory", status: "skipped", message: "Run directories are switched off." }
      : folderCheck("runs directory", runsDirectory),
  ];
}

async function fileChecks(input: CommandInput, directory: string): Promise<Check[]> {
  const given = input.arguments["files"];
  const files: readonly string[] = Array.isArray(given) ? given : [];
  if (files.length === 0) {
    return [
      { name: "workflows", status: "skipped", message: "No file was named.", hint: "af validate FILE" },
    ];
  }
  const checks: Check[] = [];
  const exportName = textOption(input, "export");
  for (const file of files) checks.push(await workflowCheck(file, { directory, exportName }));
  return checks;
}

/** `af validate`: checks machine, configuration, store and workflow files (CLI-3). */
export const validate: CommandHandler = async (input, session) => {
  const { output, environment, directory } = session;
  const machine = thisMachine(environment);
  const checks = [
    ...environmentChecks(machine),
    ...versionChecks(machine, directory),
    ...(await configurationChecks(input, session)),
    ...(await fileChecks(input, directory)),
  ];
  const ok = checks.every((check) => check.status !== "error");
  if (output.json) output.object({ ok, place: placeOf(machine), checks });
  else for (const check of checks) for (const line of checkLines(check, output.colors)) output.line(line);
  return ok ? exitCodes.ok : exitCodes.invalidInput;
};
