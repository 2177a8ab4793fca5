import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { type JsonObject, type RecordEvent, RunStatusError, UsageError } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { commandConfiguration, textArgument, textOption } from "../command-configuration.ts";
import { fixtureText } from "../fixture-text.ts";
import { withRun } from "../open-runs.ts";
import { loadRunWorkflow } from "../run-workflow.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";

function modulePath(from: string, to: string): string {
  const path = relative(dirname(from), to).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}

/** Whether an event tells of a state that no step gave. */
function putsState({ type, data }: RecordEvent): boolean {
  return type === "run.migrated" || (type === "run.forked" && data?.["state"] !== undefined);
}

/** `af fixture RUN`: turns a recorded run into a test (ENG-57). */
export const fixture: CommandHandler = async (input, session) => {
  const { output, directory } = session;
  const configuration = await commandConfiguration(input, session);
  const made = await withRun(configuration, textArgument(input, "run"), async ({ store, head }) => {
    const { file, exportName } = await loadRunWorkflow(head, input, session);
    const target = resolve(directory, textOption(input, "out") ?? `${head.runId}.test.ts`);
    if (existsSync(target) && input.options["force"] !== true)
      throw new UsageError(`${target} is there already.`, {
        hint: "Give --out FILE, or --force to replace it.",
      });
    await using engine = await createEngine({ store, tenant: head.tenant });
    const view = await engine.inspect(head.runId);
    const events: RecordEvent[] = [];
    for await (const event of engine.events(head.runId, { modes: ["events"], follow: false }))
      if (event.type !== "truncated") events.push(event);
    if (events.some(putsState)) {
      throw new RunStatusError(`Run ${head.runId} was not made by its workflow and input alone.`, {
        hint: "Its state was patched by a fork, or migrated: no start of the workflow comes to the same.",
      });
    }
    const blobs = head.input.startsWith("#")
      ? await store.runs.readBlobs(head.tenant, head.runId, [head.input.slice(1)])
      : new Map<string, string>();
    const given = JSON.parse(blobs.get(head.input.slice(1)) ?? head.input) as JsonObject;
    const parts = { view, events, input: given, module: modulePath(target, file), exportName };
    writeFileSync(target, fixtureText(parts));
    return { runId: head.runId, file: target };
  });
  const checked = spawnSync(process.execPath, ["--test", made.file], {
    cwd: dirname(made.file),
    encoding: "utf8",
  });
  const passes = checked.status === 0;
  if (output.json) output.object({ ...made, passes });
  else output.line(made.file);
  if (passes) output.note(`It passes: node --test ${relative(directory, made.file)}`);
  else output.note(`It does not pass yet:\n${checked.stdout}${checked.stderr}`);
  return passes ? exitCodes.ok : exitCodes.runFailed;
};
