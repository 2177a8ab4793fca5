import type { MetricDefinition } from "./metric-definition.ts";

/** Attempts take from microseconds to minutes. */
const latencyMs = [
  0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000,
] as const;

const workflow = ["tenant", "workflow_id"] as const;

/** The metrics of an engine (OBS-1). Their names are those of the specification: no prefix, and units last. */
export const engineCatalogue = {
  inflightNodes: {
    name: "inflight_nodes",
    type: "gauge",
    help: "Attempts that run now.",
    labels: workflow,
  },
  queueDepth: {
    name: "queue_depth",
    type: "gauge",
    help: "Steps that wait for a place in the queue, with those whose producer a full queue blocks.",
    labels: workflow,
  },
  stepLatency: {
    name: "step_latency_ms",
    type: "histogram",
    help: "Milliseconds for which an attempt held its place; outcome waiting means that it gave it back to wait for an answer, an event or a time.",
    labels: [...workflow, "outcome"],
    buckets: latencyMs,
  },
  retries: {
    name: "retries_total",
    type: "counter",
    help: "Failed attempts that are followed by another one.",
    labels: workflow,
  },
  mergeConflicts: {
    name: "merge_conflicts_total",
    type: "counter",
    help: "Conflicts between deltas of one superstep, settled by a policy or not.",
    labels: workflow,
  },
  backpressureEvents: {
    name: "backpressure_events_total",
    type: "counter",
    help: "Times that a full queue blocked whoever feeds it.",
    labels: workflow,
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** Values that a label may have, where they are known; any other label is held to a number of values. */
export const closedLabels: Readonly<Record<string, readonly string[]>> = {
  outcome: ["succeeded", "failed", "cancelled", "waiting", "denied", "timeout"],
};

/** Names that parts of the platform to come take, with their type: nothing else may be registered under them. */
export const reservedNames: Readonly<Record<string, MetricDefinition["type"]>> = {
  agent_messages_total: "counter",
  agent_heartbeats_total: "counter",
  agent_heartbeat_misses_total: "counter",
  agent_recoveries_total: "counter",
  agent_health_status: "gauge",
  cost_estimate_variance_ratio: "histogram",
  cost_observation_tokens_total: "counter",
  deploy_ttpd_seconds: "histogram",
  dx_ttfd_seconds: "histogram",
  event_propagation_latency_ms: "histogram",
  event_throughput: "gauge",
  memory_retrieval_duration_seconds: "histogram",
  planner_plan_duration_seconds: "histogram",
  planner_replans_total: "counter",
  sandbox_denials_total: "counter",
  session_count: "gauge",
  tool_calls_total: "counter",
  tool_execution_duration_seconds: "histogram",
  utilization_ratio: "gauge",
  worker_execution_latency_seconds: "histogram",
};

/** Beginnings of names that are kept in the same way. */
export const reservedPrefixes: readonly string[] = ["cost_preflight_", "mcp_"];

/** What identifies one run, step or message has as many values as there are: it belongs on spans and in logs. */
export const refusedLabels: readonly string[] = [
  "run_id",
  "step_id",
  "order_key",
  "message_id",
  "session_id",
  "trace_id",
  "span_id",
];
