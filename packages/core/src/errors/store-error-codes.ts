import type { ErrorCodeEntry } from "./error-code-entry.ts";

/** The codes of stores. */
export const storeCodes = {
  AF_STORE_CORRUPT: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "The store is corrupt",
    hint: "Keep the file, restore a backup, or `af import` the run directories into a new store.",
  },
  AF_STORE_READ_ONLY: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The store cannot be written",
    hint: "Give this user write access to the file and its folder, or choose another `--store`.",
  },
  AF_STORE_FULL: {
    class: "quota",
    retryable: false,
    exitCode: 1,
    title: "The disk of the store is full",
    hint: "Free space on that disk, then `af resume RUN`; everything committed is kept.",
  },
  AF_STORE_LOCKED: {
    class: "transient",
    retryable: true,
    exitCode: 1,
    title: "Another process holds the store's lock",
    hint: "Close the program that keeps a transaction open on the file, then try again.",
  },
  AF_STORE_UNAVAILABLE: {
    class: "transient",
    retryable: true,
    exitCode: 1,
    title: "The store cannot be reached",
    hint: "Check that the server runs and that `--store` names the right host, port and database.",
  },
  AF_STORE_NEWER: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The store was written by a newer AgentFlow",
    hint: "Upgrade AgentFlow; an older program does not touch a newer store.",
  },
  AF_STORE_OLDER: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The schema of the store is older than this program",
    hint: "Make a backup, then `af migrate up`; `af migrate status` shows what is pending.",
  },
  AF_STORE_IN_USE: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "Processes that are alive advance runs of the store",
    hint: "Stop them, then try again.",
  },
  AF_STORE_NOT_EMPTY: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The store to restore into is not empty",
    hint: "Restore into an empty store, or say --force to replace what is there.",
  },
  AF_STORE_FAILED: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "The database refused a statement",
    hint: "Read the cause, which is the database's own error.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;
