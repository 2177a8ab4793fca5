import { join } from "node:path";
import type { Json } from "@agentflow/core";

/** What a process that advances pages runs is started with. */
export interface PagesProcessSettings {
  /** Where store, artifacts and run directories are. */
  readonly folder: string;
  /** `mixed`: the runs with an odd number ask for `strict` in a store of `normal`. */
  readonly durability: "strict" | "normal" | "batched" | "mixed";
  /** Runs that it brings to their end, how many of them at a time, and their length. */
  readonly runs: number;
  readonly atOnce: number;
  readonly turns: number;
  /** How often a run that a store error stopped is resumed here. */
  readonly resumesMax: number;
  /** Count how often a timer of 1 ms fires while the runs are at work. */
  readonly ticks?: boolean;
  /** Compare what is stored with undisturbed runs in the end. */
  readonly checks: boolean;
}

/** What such a process says of itself, a line each. */
export type PagesMessage =
  /** It has started; the store is not open yet. */
  | { readonly said: "opening" }
  /** The store is open, and holds this run. */
  | { readonly said: "found"; readonly runId: string; readonly seq: number; readonly status: string }
  /** All runs of the store have been found; the work begins. */
  | { readonly said: "ready" }
  /** The store has acknowledged this commit, and with it these steps. In `mixed`, those of `strict` alone are told. */
  | {
      readonly said: "committed";
      readonly runId: string;
      readonly seq: number;
      readonly steps: readonly string[];
    }
  | { readonly said: "entered"; readonly runId: string; readonly step: string }
  /** An error ended a run in this process, or kept it from being opened; without a run, it ended the process. */
  | { readonly said: "stopped"; readonly runId: string; readonly code: string; readonly message: string }
  | { readonly said: "succeeded"; readonly runId: string }
  | {
      readonly said: "ticked";
      readonly perSecond: number;
      readonly longestGapMs: number;
      /** What the same timer does where nothing is at work. */
      readonly idlePerSecond: number;
    }
  | { readonly said: "violation"; readonly promise: string; readonly detail: string }
  /** Something went wrong that stops no run. */
  | { readonly said: "warning"; readonly message: string }
  | { readonly said: "end" };

/** What Node is called with to start such a process. */
export function pagesArguments(settings: PagesProcessSettings): readonly string[] {
  return ["--no-warnings", join(import.meta.dirname, "pages.fixture.ts"), JSON.stringify(settings)];
}

const mark = "@pages ";

/** The line of a message, recognisable among whatever else a console shows. */
export function pagesLine(message: PagesMessage): string {
  return `${mark}${JSON.stringify(message)}\n`;
}

/** The message of a line, or undefined for a line that is none, such as a torn one. */
export function readPagesLine(line: string): PagesMessage | undefined {
  const start = line.indexOf(mark);
  if (start === -1) return undefined;
  try {
    return JSON.parse(line.slice(start + mark.length)) as PagesMessage & Json;
  } catch (error) {
    // Whoever was killed while it wrote has said nothing.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
