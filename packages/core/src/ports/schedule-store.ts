/** A schedule as it is stored. */
export interface ScheduleRow {
  readonly tenant: string;
  readonly name: string;
  readonly workflow: string;
  /** Grows with each change; a change names the one it was made on. */
  readonly revision: number;
  /** When it has something to do next, in wall-clock milliseconds; undefined while it has nothing. */
  readonly nextAt: number | undefined;
  /** JSON of the rest. */
  readonly json: string;
}

/** Schedules (ENG-44). Whoever changes one says which revision it has seen, so that of several one gets on. */
export interface ScheduleStore {
  /** Adds a schedule; false if there is one of that name. */
  createSchedule(row: ScheduleRow): Promise<boolean>;
  /** Puts `row` in the place of the one with `expectedRevision`; false, and nothing changes, if there is none such. */
  replaceSchedule(row: ScheduleRow, expectedRevision: number): Promise<boolean>;
  /** Removes a schedule; false if there is none of that name. */
  removeSchedule(tenant: string, name: string): Promise<boolean>;
  readSchedule(tenant: string, name: string): Promise<ScheduleRow | undefined>;
  /** By name; with `dueUntil`, only those that have something to do by then. */
  listSchedules(request: {
    readonly tenant: string;
    readonly dueUntil?: number;
  }): Promise<readonly ScheduleRow[]>;
}
