import { StoreUnavailableError } from "@agentflow/core";

/**
 * The answer of a server, or StoreUnavailableError when none has come after `maxMs`: a connection may be dead without
 * either side being told. The drivers' own limits leave timers behind when a connection breaks.
 */
export function answered<T>(answer: Promise<T>, maxMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new StoreUnavailableError(`The database server did not answer within ${maxMs} ms.`)),
      maxMs,
    );
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
