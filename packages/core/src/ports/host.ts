/** The machine and process the engine runs in (S20). */
export interface Host {
  readonly name: string;
  readonly pid: number;
  readonly processStart: string;
  /** Whether the process of this host with that pid and start still runs. */
  isAlive(pid: number, processStart: string): boolean;
  /** A new unique, time-ordered id (ULID). */
  newId(): string;
}
