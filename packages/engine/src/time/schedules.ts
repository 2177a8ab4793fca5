/**
 * Schedules: runs that begin at the times of a cron pattern (ENG-44).
 *
 * 1. A time gets one run at most, whoever serves: its id follows from schedule and time.
 * 2. What is decided for a time is stored before anything is started; whoever finds it unfinished finishes it.
 */
import {
  type Clock,
  encodeJson,
  finishedStatuses,
  type Json,
  type RunStatus,
  type ScheduleRow,
  type StoreBackend,
  ValidationError,
  type Workflow,
} from "@agentflow/core";
import type { HeldRun } from "../hold/held-run.ts";
import type { StartOptions } from "../run/create-run.ts";
import type { Run } from "../run/run-handle.ts";
import type { WorkflowRegistry } from "../run/workflow-registry.ts";
import { nextTick } from "./cron.ts";
import { changed, decideTicks, type ScheduleJson, tickRunId } from "./schedule-plan.ts";

/** How a schedule is made. */
export interface ScheduleOptions {
  /** A registered workflow, or its name. */
  readonly workflow: Workflow | string;
  /** Five fields, or six with seconds. */
  readonly cron: string;
  /** IANA name of the zone whose clock the pattern means; UTC unless given. */
  readonly timeZone?: string | undefined;
  readonly input?: Json | undefined;
  /**
   * What becomes of times that nobody served: `skip` (unless given) forgets those more than a minute old, `latest` makes up
   * for the newest, `all` for each, 100 at most.
   */
  readonly missed?: "skip" | "latest" | "all" | undefined;
  /** `skip` leaves a time out while the run of an earlier one has not ended; `allow` unless given. */
  readonly overlap?: "allow" | "skip" | undefined;
  readonly queue?: string | undefined;
  readonly key?: string | undefined;
  /** Free labels of its runs; `schedule` always names the schedule. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** A schedule as it is. */
export interface Schedule {
  readonly name: string;
  readonly workflow: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly input: Json;
  readonly missed: "skip" | "latest" | "all";
  readonly overlap: "allow" | "skip";
  readonly isPaused: boolean;
  /** When it starts a run next, in wall-clock milliseconds; undefined while paused, or never. */
  readonly nextAt: number | undefined;
  /** The newest run that a time has started. */
  readonly lastRunId: string | undefined;
}

/** The schedules of a tenant. Each method rejects with ValidationError for a name that there is not. */
export interface EngineSchedules {
  /** Makes a schedule. Rejects with ValidationError, also for a name that is taken. */
  create(name: string, options: ScheduleOptions): Promise<Schedule>;
  list(): Promise<readonly Schedule[]>;
  /** Starts nothing more until it is resumed. */
  pause(name: string): Promise<Schedule>;
  /** Goes on with the first time from now on. */
  resume(name: string): Promise<Schedule>;
  /** Removes a schedule; its runs stay. */
  delete(name: string): Promise<void>;
  /** Starts a run now, whatever the times say. */
  trigger(name: string): Promise<Run>;
}

/** What schedules work with. */
export interface SchedulesParts {
  readonly clock: Clock;
  readonly tenant: string;
  readonly backend: StoreBackend;
  readonly workflows: WorkflowRegistry;
  readonly newId: () => string;
  /** Checks what a run would be started with. Rejects with ValidationError. */
  readonly check: (workflow: Workflow, input: Json, options: StartOptions) => Promise<unknown>;
  readonly start: (workflow: Workflow, input: Json, options: StartOptions) => Promise<HeldRun>;
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const ended: ReadonlySet<RunStatus> = new Set(finishedStatuses);

export class Schedules {
  readonly #parts: SchedulesParts;

  constructor(parts: SchedulesParts) {
    this.#parts = parts;
  }

  /** Makes a schedule; it starts runs where an engine serves. Rejects with ValidationError, also for a name that is taken. */
  async create(name: string, options: ScheduleOptions): Promise<Schedule> {
    const { clock, tenant, backend, workflows, check } = this.#parts;
    if (!namePattern.test(name)) throw refused(`${JSON.stringify(name)} cannot be the name of a schedule.`);
    const {
      workflow: given,
      cron,
      timeZone = "UTC",
      missed = "skip",
      overlap = "allow",
      queue,
      key,
      labels,
    } = options;
    const workflow = workflows.require(typeof given === "string" ? given : given.name, `Schedule ${name}`);
    const input = encodeJson(options.input ?? {}, "input").value;
    await check(workflow, input, { queue, key, labels });
    const nextAt = nextTick(cron, timeZone, clock.now());
    const json: ScheduleJson = {
      cron,
      timeZone,
      input,
      missed,
      overlap,
      ...(queue === undefined ? {} : { queue }),
      ...(key === undefined ? {} : { key }),
      ...(labels === undefined ? {} : { labels }),
      isPaused: false,
      pending: [],
    };
    const row = { tenant, name, workflow: workflow.name, revision: 1, nextAt, json: JSON.stringify(json) };
    if (await backend.schedules.createSchedule(row)) return scheduleOf(row);
    throw refused(`There is already a schedule ${name}.`, "Delete it first, or take another name.");
  }

  /** All schedules, by name. */
  async list(): Promise<readonly Schedule[]> {
    const { backend, tenant } = this.#parts;
    return (await backend.schedules.listSchedules({ tenant })).map(scheduleOf);
  }

  /** Starts nothing more until it is resumed. Rejects with ValidationError for an unknown name. */
  pause(name: string): Promise<Schedule> {
    return this.#change(name, (json) => ({ json: { ...json, isPaused: true }, nextAt: undefined }));
  }

  /** Goes on with the first time from now on; those that came meanwhile are left out. */
  resume(name: string): Promise<Schedule> {
    const now = this.#parts.clock.now();
    return this.#change(name, (json) => ({
      json: { ...json, isPaused: false },
      nextAt: nextTick(json.cron, json.timeZone, now),
    }));
  }

  /** Removes a schedule; its runs stay. */
  async delete(name: string): Promise<void> {
    const { backend, tenant } = this.#parts;
    if (!(await backend.schedules.removeSchedule(tenant, name))) throw unknown(name);
  }

  /** Starts a run now, whatever the times say. */
  async trigger(name: string): Promise<HeldRun> {
    const row = await this.#read(name);
    return this.#start(row, jsonOf(row), `${name}-${this.#parts.newId()}`);
  }

  /** Starts the runs of times that have come. */
  async tick(onFailed: (error: unknown) => void): Promise<void> {
    const { backend, clock, tenant, workflows } = this.#parts;
    for (const row of await backend.schedules.listSchedules({ tenant, dueUntil: clock.now() })) {
      if (workflows.find(row.workflow) === undefined) continue;
      try {
        await this.#tickOne(row);
      } catch (error) {
        onFailed(error);
      }
    }
  }

  async #tickOne(row: ScheduleRow): Promise<void> {
    const { backend, clock } = this.#parts;
    const json = jsonOf(row);
    if (row.nextAt === undefined) return;
    if (json.pending.length > 0) {
      await this.#startPending(row, json);
      return;
    }
    const isOverlapping = json.overlap === "skip" && (await this.#isUnderWay(json.lastRunId));
    const { ticks, newest, nextAt } = decideTicks(json, row.nextAt, clock.now(), isOverlapping);
    const decided = { ...json, tickAt: newest, pending: ticks };
    const next = changed(row, decided, ticks.length > 0 ? row.nextAt : nextAt);
    if ((await backend.schedules.replaceSchedule(next, row.revision)) && ticks.length > 0)
      await this.#startPending(next, decided);
  }

  async #startPending(row: ScheduleRow, json: ScheduleJson): Promise<void> {
    let { lastRunId } = json;
    for (const at of json.pending) {
      lastRunId = tickRunId(row.name, at);
      await this.#start(row, json, lastRunId);
    }
    const done = { ...json, pending: [], ...(lastRunId === undefined ? {} : { lastRunId }) };
    const nextAt = nextTick(json.cron, json.timeZone, json.tickAt ?? this.#parts.clock.now());
    await this.#parts.backend.schedules.replaceSchedule(changed(row, done, nextAt), row.revision);
  }

  #start({ name, workflow }: ScheduleRow, json: ScheduleJson, id: string): Promise<HeldRun> {
    const found = this.#parts.workflows.require(workflow, `Schedule ${name}`);
    const { input, queue, key, labels } = json;
    return this.#parts.start(found, input, { id, queue, key, labels: { ...labels, schedule: name } });
  }

  async #isUnderWay(runId: string | undefined): Promise<boolean> {
    const { backend, tenant } = this.#parts;
    const head = runId === undefined ? undefined : await backend.runs.readHead(tenant, runId);
    return head !== undefined && !ended.has(head.status);
  }

  async #read(name: string): Promise<ScheduleRow> {
    const { backend, tenant } = this.#parts;
    const row = await backend.schedules.readSchedule(tenant, name);
    if (row === undefined) throw unknown(name);
    return row;
  }

  async #change(
    name: string,
    change: (json: ScheduleJson) => { readonly json: ScheduleJson; readonly nextAt: number | undefined },
  ): Promise<Schedule> {
    for (;;) {
      const row = await this.#read(name);
      const { json, nextAt } = change(jsonOf(row));
      const next = changed(row, json, nextAt);
      // Somebody else may have changed it since it was read.
      if (await this.#parts.backend.schedules.replaceSchedule(next, row.revision)) return scheduleOf(next);
    }
  }
}

function jsonOf({ json }: ScheduleRow): ScheduleJson {
  return JSON.parse(json) as ScheduleJson;
}

function scheduleOf(row: ScheduleRow): Schedule {
  const { cron, timeZone, input, missed, overlap, isPaused, lastRunId } = jsonOf(row);
  const { name, workflow, nextAt } = row;
  return { name, workflow, cron, timeZone, input, missed, overlap, isPaused, nextAt, lastRunId };
}

function unknown(name: string): ValidationError {
  return refused(
    `There is no schedule ${JSON.stringify(name)}.`,
    "`engine.schedules.list()` names those that there are.",
  );
}

function refused(message: string, hint?: string): ValidationError {
  return new ValidationError("AF_ARGUMENT_INVALID", message, { hint });
}
