/**
 * What a server says: data on standard output, which are the record events of runs that begin, wait, end or change hands,
 * and everything else on standard error. With `--json` each line is an object with a `type`.
 *
 * 1. Trouble that goes on, such as a store that is away, is told once a minute and not with each try.
 */
import { type Emitter, type RecordEvent, toFailure } from "@agentflow/core";
import type { Output } from "../terminal/output.ts";
import { oneLine } from "../terminal/text-table.ts";

const troubleMs = 60_000;

export class ServeLog {
  readonly #output: Output;
  /** What was told last of each source of trouble, and when, by the monotonic clock. */
  readonly #told = new Map<string, { readonly text: string; readonly at: number }>();

  constructor(output: Output) {
    this.#output = output;
  }

  /** The emitter that tells what becomes of runs. */
  get emitter(): Emitter {
    return {
      name: "serve",
      emit: (events) => {
        for (const event of events) if (event.type.startsWith("run.")) this.#tell(event);
      },
    };
  }

  /** Tells of the server itself: an object for programs, a text for people. */
  say(type: `serve.${string}`, members: object, text: string): void {
    if (this.#output.json) this.#output.object({ ts: new Date().toISOString(), type, ...members });
    this.#output.note(text);
  }

  trouble(source: string, error: unknown): void {
    const { code, message } = toFailure(error);
    const text = `warning: ${source}: ${code} ${oneLine(message)}`;
    const last = this.#told.get(source);
    const at = performance.now();
    if (last?.text === text && at - last.at < troubleMs) return;
    this.#told.set(source, { text, at });
    this.#output.note(text);
  }

  #tell(event: RecordEvent): void {
    if (this.#output.json) this.#output.object(event);
    else this.#output.line(runLine(event));
  }
}

function runLine({ ts, type, runId, data = {} }: RecordEvent): string {
  const { workflow, failure } = data;
  const parts = [ts.slice(0, 23).replace("T", " "), type.padEnd(13), runId];
  if (typeof workflow === "string") parts.push(workflow);
  if (typeof failure === "object" && failure !== null && "message" in failure)
    parts.push(String(failure["message"]));
  return oneLine(parts.join("  "));
}
