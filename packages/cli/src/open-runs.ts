import { type RunHead, RunNotFoundError, type StoreBackend } from "@agentflow/core";
import { type Configuration, openBackend, storeExists } from "@agentflow/runtime";
import { findRun } from "./find-run.ts";

/**
 * Opens the configured store for reading and closes it after `work`. A store that does not exist yet is not made:
 * the answer is undefined.
 */
export async function withRuns<T>(
  configuration: Configuration,
  work: (store: StoreBackend, tenant: string) => Promise<T>,
): Promise<T | undefined> {
  const { store = "memory:", tenant = "default" } = configuration.options;
  if (typeof store === "string" && !storeExists(store)) return undefined;
  const backend = await openBackend(configuration.options);
  try {
    return await work(backend, tenant);
  } finally {
    await backend.runs.close();
  }
}

/** Opens the configured store and finds a run in it. Throws RunNotFoundError, also if there is no store. */
export async function withRun<T>(
  configuration: Configuration,
  given: string,
  work: (found: { readonly store: StoreBackend; readonly head: RunHead }) => Promise<T>,
): Promise<T> {
  let done: { readonly value: T } | undefined;
  await withRuns(configuration, async (store, tenant) => {
    const head = await findRun(store.runs, tenant, given);
    done = { value: await work({ store, head }) };
  });
  if (done !== undefined) return done.value;
  throw new RunNotFoundError(`There is no run ${given}: the store does not exist yet.`, {
    hint: "Start a run with `af run FILE`, or name the store with --store.",
    context: { runId: given },
  });
}
