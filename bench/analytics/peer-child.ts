/**
 * The process of one system: `node --expose-gc peer-child.ts MODULE DIRECTORY SCRATCH`. MODULE exports `openSystem`. It answers
 * the questions that it is sent, measures each, and ends with its parent.
 */
import { pathToFileURL } from "node:url";
import type { QuestionId } from "../../packages/analytics/src/index.ts";
import type { OpenSystem, PeerMessage, PeerSystem } from "./peer-system.ts";

const [path = "", directory = "", scratch = ""] = process.argv.slice(2);

function say(message: PeerMessage): void {
  process.send?.(message);
}

function failed(error: unknown): PeerMessage {
  return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
}

async function answer(system: PeerSystem, question: QuestionId): Promise<PeerMessage> {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const rows = await system.answer(question);
  const wallMs = performance.now() - started;
  const { user, system: kernel } = process.cpuUsage(cpu);
  return {
    kind: "answer",
    rows,
    wallMs,
    cpuMs: (user + kernel) / 1_000,
    peakRssMb: process.resourceUsage().maxRSS / 1_024,
  };
}

// The threads of a system may keep a process from ending in order, and nothing that it has is worth keeping.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
try {
  const { openSystem } = (await import(pathToFileURL(path).href)) as { readonly openSystem: OpenSystem };
  const system = await openSystem(directory, scratch);
  process.on("message", (question) => {
    void answer(system, question as QuestionId).then(say, (error) => say(failed(error)));
  });
  say({ kind: "ready", version: system.version });
} catch (error) {
  say(failed(error));
}
