import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { canonicalJson, type Emitter, type Json, type RecordEvent, sha256Hex } from "@agentflow/core";

/** One event that an engine has reported, and so must never take back (S5, I7). */
export interface Acknowledged {
  readonly runId: string;
  readonly seq: number;
  readonly epoch: number;
  /** Of the whole event. */
  readonly hash: string;
}

/** An emitter that notes each event in a file, which outlives its process, before the engine goes on. */
export function acknowledgements(path: string): Emitter {
  const handle = openSync(path, "a");
  return {
    name: "acknowledgements",
    emit(events) {
      // Each line begins with its own end of line: one that a kill tears spoils no other.
      writeSync(handle, events.map((event) => `\n${lineOf(event)}`).join(""));
    },
    close: async () => closeSync(handle),
  };
}

/** What engines have reported into the file, each event once, without lines that a kill tore. */
export function readAcknowledgements(path: string): readonly Acknowledged[] {
  if (!existsSync(path)) return [];
  return [...new Set(readFileSync(path, "utf8").split("\n"))].flatMap((line) => {
    const [runId = "", seq, epoch, hash, end] = line.split(" ");
    return end === "." ? [{ runId, seq: Number(seq), epoch: Number(epoch), hash: hash ?? "" }] : [];
  });
}

/** The acknowledged events that are stored no more, or otherwise than reported, in words. */
export function lostAcknowledgements(
  acknowledged: readonly Acknowledged[],
  stored: readonly RecordEvent[],
): readonly string[] {
  const hashes = new Map(stored.map((event) => [event.seq, hashOf(event)]));
  return acknowledged.flatMap(({ runId, seq, epoch, hash }) => {
    const found = hashes.get(seq);
    if (found === hash) return [];
    const event = `event ${seq} of ${runId}, reported under epoch ${epoch},`;
    return [found === undefined ? `${event} is not stored` : `${event} is stored with another content`];
  });
}

function lineOf(event: RecordEvent): string {
  return `${event.runId} ${event.seq} ${event.epoch} ${hashOf(event)} .`;
}

function hashOf(event: RecordEvent): string {
  return sha256Hex(canonicalJson(JSON.parse(JSON.stringify(event)) as Json)).slice(0, 16);
}
