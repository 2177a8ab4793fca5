import type { StoreName } from "../store-place.ts";
import type { FaultSection } from "./fault-report.ts";

export type { StoreName };

/** What one run of a fault on one store is given. */
export interface FaultOptions {
  readonly store: StoreName;
  /** Decides every random choice of the fault; the moments at which processes meet remain those of the machine. */
  readonly seed: string;
  /** How often the fault strikes. */
  readonly count: number;
  /** For how long it strikes, in milliseconds. */
  readonly durationMs: number;
  /** Whether figures that are printed otherwise are held against their limits. */
  readonly gate: boolean;
  /** A folder of its own; removed afterwards, unless there was a violation. */
  readonly folder: string;
  /** Tells who waits how far it is. */
  progress(line: string): void;
}

/**
 * Something that goes wrong on purpose while runs are at work, and the promises that must hold nevertheless. The frame
 * calls `run` once per store, with a section of the report for it.
 */
export interface Fault {
  readonly name: string;
  /** One line for the list of faults. */
  readonly summary: string;
  /** What each count that it prints means, by the count's name, in the order in which they are printed. */
  readonly counts: Readonly<Record<string, string>>;
  /** The stores that it can be run on; those of `defaults` are taken unless others are asked for. */
  readonly stores: readonly StoreName[];
  /** How often or how long it strikes unless told otherwise; it takes only those options that have a default here. */
  readonly defaults: {
    readonly count?: number;
    readonly durationMs?: number;
    readonly stores: readonly StoreName[];
  };
  /** Machines without what it needs are the rule, so that `AF_REQUIRE_SERVICES=1` lets it be skipped too. */
  readonly isOptional?: boolean;
  /**
   * Says what this machine lacks for it, such as a program, or gives undefined. That the server of its store answers is
   * checked by the frame, unless it `startsServers` of its own.
   */
  missing?(store: StoreName): Promise<string | undefined>;
  readonly startsServers?: boolean;
  /** Strikes, counts and reports violations. What it throws is a violation as well. */
  run(options: FaultOptions, section: FaultSection): Promise<void>;
}
