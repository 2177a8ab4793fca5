import { type EventLevel, parseStepId, type RecordEvent } from "@agentflow/core";

const levels: readonly EventLevel[] = ["DEBUG", "INFO", "WARN", "ERROR"];

/** What `af tail` lets through; an empty list lets everything through. */
export interface EventFilter {
  readonly types: readonly string[];
  readonly steps: readonly string[];
  readonly level: string | undefined;
}

function fitsType(type: string, wanted: string): boolean {
  return wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

function fitsStep(step: string | undefined, wanted: string): boolean {
  return step !== undefined && (step === wanted || parseStepId(step).node === wanted);
}

/** Says whether an event passes: its type, its step id or node, and its level or above. */
export function passes(event: RecordEvent, filter: EventFilter): boolean {
  const { types, steps, level } = filter;
  if (types.length > 0 && !types.some((wanted) => fitsType(event.type, wanted))) return false;
  if (steps.length > 0 && !steps.some((wanted) => fitsStep(event.step, wanted))) return false;
  return level === undefined || levels.indexOf(event.level) >= levels.indexOf(level as EventLevel);
}
