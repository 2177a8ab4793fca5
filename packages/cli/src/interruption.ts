import { exitCodes } from "./spec/exit-codes.ts";

const signals = ["SIGINT", "SIGTERM"] as const;

/** What listens to signals: the process, or a stand-in. */
export interface SignalSource {
  on(signal: string, listener: () => void): unknown;
  off(signal: string, listener: () => void): unknown;
  exit(code: number): unknown;
}

/**
 * Calls `park` on the first SIGINT or SIGTERM; a second one ends the process at once with exit code 130. Stops listening
 * when disposed.
 */
export function onInterruption(park: () => void, source: SignalSource = process): Disposable {
  let interrupted = false;
  const listener = (): void => {
    if (interrupted) source.exit(exitCodes.interrupted);
    interrupted = true;
    park();
  };
  for (const signal of signals) source.on(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) source.off(signal, listener);
    },
  };
}
