import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { OpenPeer, Peer } from "../../packages/analytics/src/index.ts";
import type { PeerMessage } from "./peer-system.ts";

const program = join(import.meta.dirname, "peer-child.ts");

/** What is known of a system besides its answers. */
export type ChildPeerOptions = Pick<Peer, "name" | "rowsMax" | "limits">;

/**
 * A system in a process of its own: its threads and its memory are its own, and what it takes is measured there, without
 * the way of its rows to here. `onPeak` is told the most memory that it has held.
 */
export function childPeer(
  module: string,
  options: ChildPeerOptions,
  onPeak: (name: string, peakRssMb: number) => void = () => undefined,
): Peer {
  return {
    ...options,
    open: async ({ directory, scratch }) => {
      const child = fork(program, [module, directory, scratch], {
        execArgv: ["--expose-gc"],
        serialization: "advanced",
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const ready = await nextMessage(child, options.name);
      if (ready.kind !== "ready") throw new Error(`${options.name} said ${ready.kind} before it was ready.`);
      const opened: OpenPeer = {
        version: ready.version,
        answer: async ({ id }) => {
          child.send(id);
          const said = await nextMessage(child, options.name);
          if (said.kind !== "answer")
            throw new Error(`${options.name} said ${said.kind} in place of an answer.`);
          const { rows, wallMs, cpuMs, peakRssMb } = said;
          onPeak(options.name, peakRssMb);
          return { rows, sample: { wallMs, cpuMs } };
        },
        [Symbol.asyncDispose]: async () => end(child),
      };
      return opened;
    },
  };
}

/** The next thing that a process says. Throws if it says that it failed, or ends. */
async function nextMessage(child: ChildProcess, name: string): Promise<PeerMessage> {
  const stopped = new AbortController();
  const { signal } = stopped;
  try {
    const [said] = (await Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal }).then(([code, killed]) => {
        throw new Error(`${name} ended with ${killed ?? code}.`);
      }),
    ])) as [PeerMessage];
    if (said.kind === "failed") {
      await end(child);
      throw new Error(said.reason);
    }
    return said;
  } finally {
    stopped.abort();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
}
