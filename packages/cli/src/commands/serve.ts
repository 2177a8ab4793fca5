import { resolve } from "node:path";
import { withoutPassword } from "@agentflow/core";
import {
  type Configuration,
  createEngine,
  type DeclaredQueues,
  type Engine,
  type LoadedWorkflow,
  loadWorkflows,
  openMetrics,
} from "@agentflow/runtime";
import { commandConfiguration } from "../command-configuration.ts";
import { onInterruption } from "../interruption.ts";
import { numberOption } from "../number-option.ts";
import { queuesOption } from "../queue-option.ts";
import { ServeLog } from "../serve/serve-log.ts";
import type { Session } from "../session.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { onStrayError } from "../stray-error.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import { durationOption } from "../time-option.ts";

const concurrencyMax = 100_000;

/** What is served, and how. */
interface Service {
  readonly configuration: Configuration;
  readonly loaded: readonly LoadedWorkflow[];
  readonly queues: DeclaredQueues;
  readonly concurrency: number;
  readonly graceMs: number;
  readonly untilIdle: boolean;
}

/** `af serve FILES`: takes up the runs of these workflows that nobody executes (ENG-43, ENG-44). */
export const serve: CommandHandler = async (input, session) => {
  const graceMs = durationOption(input, "grace") ?? 0;
  const concurrency = numberOption(input, "concurrency", { fallback: 100, min: 1, max: concurrencyMax });
  const queues = queuesOption(input);
  const configuration = await commandConfiguration(input, session);
  const loaded = await loadAll([input.arguments["files"] ?? []].flat(), session);
  const untilIdle = input.options["untilIdle"] === true;
  const log = new ServeLog(session.output);
  await using served = await openMetrics(configuration);
  if (served !== undefined) session.output.note(`Metrics at ${served.url}`);
  await using engine = await createEngine(configuration.options, {
    workflows: loaded.map(({ workflow }) => workflow),
    queues,
    metrics: served?.metrics,
    emitters: [log.emitter],
    onEmitterError: (source, error) => log.trouble(source, error),
  });
  return await serveUntilStopped(
    engine,
    { configuration, loaded, queues, concurrency, graceMs, untilIdle },
    log,
  );
};

async function loadAll(files: readonly string[], { directory }: Session): Promise<readonly LoadedWorkflow[]> {
  const loaded: LoadedWorkflow[] = [];
  for (const file of new Set(files.map((each) => resolve(directory, each))))
    loaded.push(...(await loadWorkflows(file)));
  return loaded;
}

async function serveUntilStopped(engine: Engine, service: Service, log: ServeLog): Promise<number> {
  const { concurrency, graceMs } = service;
  const { promise: stopped, resolve: stop } = Promise.withResolvers<"error" | "idle" | "signal">();
  using _interruption = onInterruption(() => stop("signal"));
  using _stray = onStrayError((error) => {
    log.trouble("an error that no step awaited", error);
    stop("error");
  });
  const schedules = await engine.schedules.list();
  const serving = engine.serve({ concurrency });
  sayReady(
    service,
    schedules.map(({ name, workflow }) => ({ name, workflow })),
    log,
  );
  if (service.untilIdle) void serving.idle().then(() => stop("idle"));
  const why = await stopped;
  if (why === "signal") {
    const when =
      graceMs === 0 ? "" : ` when its running steps have ended, in ${formatDuration(graceMs)} at most`;
    log.say(
      "serve.stopping",
      { graceMs },
      `Giving back what runs${when}; a second signal ends the process at once.`,
    );
  }
  await serving.stop({ graceMs: why === "signal" ? graceMs : 0 });
  await engine.close();
  log.say("serve.stopped", { why }, "Stopped.");
  return why === "error" ? exitCodes.runFailed : exitCodes.ok;
}

function sayReady(
  { configuration, loaded, queues, concurrency }: Service,
  all: readonly { readonly name: string; readonly workflow: string }[],
  log: ServeLog,
): void {
  const { store = "", tenant = "default" } = configuration.options;
  const place = withoutPassword(String(store));
  const workflows = loaded.map(({ workflow, file }) => ({ workflow: workflow.name, file }));
  const names = workflows.map(({ workflow }) => workflow);
  const schedules = all.filter(({ workflow }) => names.includes(workflow)).map(({ name }) => name);
  const parts = [
    `Serving ${names.join(", ")} on ${place}`,
    ...(Object.keys(queues).length === 0 ? [] : [`queues ${Object.keys(queues).join(", ")}`]),
    ...(schedules.length === 0 ? [] : [formatCount(schedules.length, "schedule")]),
  ];
  const ready = { pid: process.pid, store: place, tenant, workflows, queues, schedules, concurrency };
  log.say("serve.ready", ready, `${parts.join("; ")}. Ctrl-C stops.`);
}
