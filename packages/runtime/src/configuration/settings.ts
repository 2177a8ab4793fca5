import { finishedStatuses } from "@agentflow/core";
import { defaultStore } from "../open-backend.ts";

/** What a setting accepts. */
export type SettingKind =
  | { readonly type: "text" }
  | { readonly type: "choice"; readonly choices: readonly string[] }
  /** Some of the choices, separated by commas. */
  | { readonly type: "list"; readonly choices: readonly string[] }
  | { readonly type: "integer"; readonly min: number };

/** One setting of the program: where it can be given, what it accepts and what it is without (RUN-40). */
export interface Setting {
  readonly key: string;
  readonly variable: string;
  readonly kind: SettingKind;
  /** Undefined means: no limit, or what the part that uses it chooses. */
  readonly fallback: string | number | undefined;
  readonly describes: string;
}

const text = { type: "text" } as const;
const count = { type: "integer", min: 1 } as const;

/**
 * The one table of settings. The configuration loader, `af config`, `.env.example` and the manual are made from it.
 * Order is the order in which they are shown.
 */
export const settings = [
  {
    key: "store",
    variable: "AF_STORE_URL",
    kind: text,
    fallback: defaultStore,
    describes: "Where runs are kept: sqlite:PATH, postgres://..., mysql://... or memory:.",
  },
  {
    key: "durability",
    variable: "AF_DURABILITY",
    kind: { type: "choice", choices: ["strict", "normal", "batched"] },
    fallback: "normal",
    describes: "strict survives a power loss, normal a crash, batched may lose the last milliseconds.",
  },
  {
    key: "tenant",
    variable: "AF_TENANT",
    kind: text,
    fallback: "default",
    describes: "The tenant that every stored row belongs to.",
  },
  {
    key: "connectionsMax",
    variable: "AF_CONNECTIONS_MAX",
    kind: count,
    fallback: 10,
    describes: "How many connections to a server's database a process opens at most.",
  },
  {
    key: "runsDirectory",
    variable: "AF_RUNS_DIRECTORY",
    kind: text,
    fallback: "runs",
    describes: "Folder of the run directories; off writes none.",
  },
  {
    key: "artifactsDirectory",
    variable: "AF_ARTIFACTS_DIRECTORY",
    kind: text,
    fallback: undefined,
    describes: "Folder of the contents of artifacts, by SHA-256; beside the store's file if not set.",
  },
  {
    key: "cacheDirectory",
    variable: "AF_CACHE_DIRECTORY",
    kind: text,
    fallback: undefined,
    describes: "Folder of cached results that runs share; beside the store's file if not set.",
  },
  {
    key: "cacheSizeBytes",
    variable: "AF_CACHE_SIZE_BYTES",
    kind: count,
    fallback: 268_435_456,
    describes: "How many bytes one folder of cached results may hold.",
  },
  {
    key: "maxConcurrent",
    variable: "AF_MAX_CONCURRENT",
    kind: count,
    fallback: 16,
    describes: "How many attempts of a run go on at once.",
  },
  {
    key: "engineConcurrency",
    variable: "AF_ENGINE_CONCURRENCY",
    kind: count,
    fallback: undefined,
    describes: "How many attempts go on at once over all runs of a process.",
  },
  {
    key: "queueDepth",
    variable: "AF_QUEUE_DEPTH",
    kind: count,
    fallback: 1_024,
    describes: "How many steps may wait to start before their producer waits.",
  },
  {
    key: "backpressureTimeoutMs",
    variable: "AF_BACKPRESSURE_TIMEOUT_MS",
    kind: count,
    fallback: undefined,
    describes: "How long a full queue may stand still, in milliseconds.",
  },
  {
    key: "nodeTimeoutMs",
    variable: "AF_NODE_TIMEOUT_MS",
    kind: count,
    fallback: undefined,
    describes: "How long an attempt may take where its node says nothing, in milliseconds.",
  },
  {
    key: "runBudgetMs",
    variable: "AF_RUN_BUDGET_MS",
    kind: count,
    fallback: undefined,
    describes: "How long attempts of one run may take in total, in milliseconds.",
  },
  {
    key: "maxSteps",
    variable: "AF_MAX_STEPS",
    kind: count,
    fallback: 1_000_000,
    describes: "How many steps one run may commit.",
  },
  {
    key: "recoveriesMax",
    variable: "AF_RECOVERIES_MAX",
    kind: { type: "integer", min: 0 },
    fallback: 5,
    describes: "How often a run without progress is taken over before it fails as a crash loop.",
  },
  {
    key: "retention",
    variable: "AF_RETENTION",
    kind: { type: "choice", choices: ["on", "off"] },
    fallback: "on",
    describes: "Whether a process that runs workflows also cleans up its store in the background.",
  },
  {
    key: "keepRunsDays",
    variable: "AF_KEEP_RUNS_DAYS",
    kind: count,
    fallback: undefined,
    describes: "For how many days after their end finished runs stay; for ever if not set.",
  },
  {
    key: "keepNewestRuns",
    variable: "AF_KEEP_NEWEST_RUNS",
    kind: count,
    fallback: undefined,
    describes: "How many of the newest finished runs stay, however old; all if not set.",
  },
  {
    key: "keepHistoryDays",
    variable: "AF_KEEP_HISTORY_DAYS",
    kind: count,
    fallback: undefined,
    describes: "For how many days the history of a finished run stays; as long as the run if not set.",
  },
  {
    key: "removedStatuses",
    variable: "AF_REMOVED_STATUSES",
    kind: { type: "list", choices: finishedStatuses },
    fallback: undefined,
    describes: "Which finished runs may go: succeeded, failed, cancelled, with commas; all if not set.",
  },
  {
    key: "removeUnexported",
    variable: "AF_REMOVE_UNEXPORTED",
    kind: { type: "choice", choices: ["yes", "no"] },
    fallback: "no",
    describes: "Whether runs that no export has taken may go too.",
  },
  {
    key: "keepCacheDays",
    variable: "AF_KEEP_CACHE_DAYS",
    kind: count,
    fallback: 30,
    describes: "For how many days after their last use af gc leaves cached results.",
  },
  {
    key: "models",
    variable: "AF_MODELS",
    kind: { type: "choice", choices: ["on", "off"] },
    fallback: "on",
    describes: "Whether models may be called; off refuses every call.",
  },
  {
    key: "modelHosts",
    variable: "AF_MODEL_HOSTS",
    kind: text,
    fallback: undefined,
    describes: "The only hosts that calls of models may go to, with commas; any if not set.",
  },
  {
    key: "providerTimeoutS",
    variable: "PROVIDER_TIMEOUT_S",
    kind: count,
    fallback: 60,
    describes: "How long a model may take to answer, or a stream to begin and to go on, in seconds.",
  },
  {
    key: "modelRetriesMax",
    variable: "MAX_RETRIES",
    kind: { type: "integer", min: 0 },
    fallback: 2,
    describes: "How often a call of a model is tried again after a failure that may pass.",
  },
  {
    key: "breakerThreshold",
    variable: "CB_THRESHOLD",
    kind: count,
    fallback: 5,
    describes: "After how many failures in a row a model is left alone.",
  },
  {
    key: "breakerCooldownS",
    variable: "CB_COOLDOWN_S",
    kind: count,
    fallback: 30,
    describes: "For how long a model that failed is left alone, in seconds.",
  },
  {
    key: "metricsPort",
    variable: "AF_METRICS_PORT",
    kind: { type: "integer", min: 0 },
    fallback: undefined,
    describes: "Port on which a process that runs workflows serves /metrics; 0 takes any, none if not set.",
  },
  {
    key: "metricsHost",
    variable: "AF_METRICS_HOST",
    kind: text,
    fallback: "127.0.0.1",
    describes: "Interface on which /metrics is served; 0.0.0.0 shows them to the network.",
  },
] as const satisfies readonly Setting[];

/** Key of a setting. */
export type SettingKey = (typeof settings)[number]["key"];
