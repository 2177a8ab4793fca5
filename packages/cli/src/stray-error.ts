import { exitCodes } from "./spec/exit-codes.ts";

/** What stray errors arrive at: the process, or a stand-in. */
export interface StraySource {
  on(event: "uncaughtException", listener: (error: Error) => void): unknown;
  off(event: "uncaughtException", listener: (error: Error) => void): unknown;
  exit(code: number): unknown;
}

/**
 * Calls `park` with the first error that nobody awaited or caught, such as a promise that a node started and forgot; a
 * second one ends the process at once. Stops listening when disposed.
 */
export function onStrayError(park: (error: Error) => void, source: StraySource = process): Disposable {
  let seen = false;
  const listener = (error: Error): void => {
    if (seen) source.exit(exitCodes.runFailed);
    seen = true;
    park(error);
  };
  source.on("uncaughtException", listener);
  return {
    [Symbol.dispose]() {
      source.off("uncaughtException", listener);
    },
  };
}
