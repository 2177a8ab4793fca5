import type { ErrorCodeEntry } from "./error-code-entry.ts";

/** Codes of datasets and of questions to them (OLP-1 to OLP-14); part of the one table in error-codes.ts. */
export const datasetCodes = {
  AF_DATASET_DECLARATION: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "The declaration of a dataset is not valid",
    hint: "Mend the problems listed in the message; each names its table, column, dimension or measure.",
  },
  AF_DATASET_NOT_FOUND: {
    class: "validation",
    retryable: false,
    exitCode: 5,
    title: "There is no dataset in this folder",
    hint: "`af analytics generate` makes one; `af analytics datasets` lists those below a folder.",
  },
  AF_DATASET_CORRUPT: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "A file of the dataset is not what its manifest says",
    hint: "`af analytics test FOLDER` names every file that is damaged; generate or load the dataset again.",
  },
  AF_DATASET_LOCKED: {
    class: "transient",
    retryable: true,
    exitCode: 1,
    title: "Another process writes the dataset",
    hint: "Wait until it has ended; nothing was changed.",
  },
  AF_DATASET_FULL: {
    class: "quota",
    retryable: false,
    exitCode: 1,
    title: "The disk of the dataset is full",
    hint: "Free space on that disk and start again; the dataset is as it was before.",
  },
  AF_DATASET_FAILED: {
    class: "internal",
    retryable: false,
    exitCode: 1,
    title: "A dataset could not be read or written",
    hint: "Read the cause, which is the error of DuckDB or the file system.",
  },
  AF_QUERY_INVALID: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "A question to a dataset cannot be understood",
    hint: "Use the measures and dimensions that the dataset declares; `af analytics datasets FOLDER` lists them.",
  },
  AF_QUERY_REFUSED: {
    class: "validation",
    retryable: false,
    exitCode: 3,
    title: "SQL wants more than to read the tables of its dataset",
    hint: "Ask one SELECT over the tables of the dataset; folders that it may read too are given with --also-read.",
  },
  AF_QUERY_CANCELLED: {
    class: "validation",
    retryable: false,
    exitCode: 130,
    title: "Whoever asked a question has called it off",
    hint: "Ask again; nothing was changed.",
  },
  AF_QUERY_QUEUE_FULL: {
    class: "transient",
    retryable: true,
    exitCode: 1,
    title: "Too many questions wait for an answer already",
    hint: "Ask later, or open the dataset with a greater `waitingMax`.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;
