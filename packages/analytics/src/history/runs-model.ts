import { amount, date, flag, integer, long, real, text } from "../model/column.ts";
import { dataset } from "../model/dataset-model.ts";
import { average, count, greatest, percentile, ratio, sum } from "../model/measure.ts";
import { dimension, fact } from "../model/table.ts";

const time = dimension({
  key: "time_key",
  columns: {
    // The day in UTC as a number: 20261231.
    time_key: integer(),
    date: date(),
    year: integer({ min: 1970 }),
    quarter: integer({ min: 1, max: 4 }),
    month: integer({ min: 1, max: 12 }),
    day: integer({ min: 1, max: 31 }),
    // Its Monday.
    week: date(),
    is_weekend: flag(),
  },
  rules: {
    "the key is the day": "time_key = year * 10000 + month * 100 + day",
    "a week begins on the Monday before, or on the day": "week = date_trunc('week', date)",
  },
});

const tenant = dimension({ key: "tenant_key", columns: { tenant_key: integer({ min: 0 }), tenant: text() } });

const workflow = dimension({
  // A key per version and structure of a workflow.
  key: "workflow_key",
  columns: { workflow_key: integer({ min: 0 }), workflow: text(), version: text(), fingerprint: text() },
});

const node = dimension({
  // A node of a workflow, whatever its version. The path of one in a nested workflow begins with the node that it is in.
  key: "node_key",
  columns: {
    node_key: integer({ min: 0 }),
    workflow: text(),
    path: text(),
    node: text(),
    depth: integer({ min: 0 }),
  },
});

// Key 0 is none: the call of a tool belongs to no model.
const model = dimension({
  key: "model_key",
  columns: { model_key: integer({ min: 0 }), provider: text(), model: text() },
});

const agent = dimension({ key: "agent_key", columns: { agent_key: integer({ min: 0 }), agent: text() } });

const runJoins = { tenant_key: "dim_tenant", workflow_key: "dim_workflow", time_key: "dim_time" } as const;
const stepJoins = { ...runJoins, node_key: "dim_node", agent_key: "dim_agent" } as const;
const callJoins = { ...stepJoins, model_key: "dim_model" } as const;

/** Whose fact it is, and when: the day and the millisecond (since 1970) in UTC. */
const runColumns = {
  run_key: integer({ min: 1 }),
  run_id: text(),
  tenant_key: integer(),
  workflow_key: integer(),
  date: date(),
  time_key: integer(),
  started_ms: long({ min: 0 }),
} as const;

const stepColumns = {
  ...runColumns,
  // Counts the steps of the run from 1, in the order in which they were recorded first.
  step_number: integer({ min: 1 }),
  step_id: text(),
  node_key: integer(),
  agent_key: integer(),
} as const;

// Counts the calls of the run from 1, in the order in which they were recorded.
const callColumns = { ...stepColumns, call_number: integer({ min: 1 }) } as const;

const callOutcome = {
  duration_ms: real({ min: 0 }),
  attempt: integer({ min: 1 }),
  failed: integer({ min: 0, max: 1 }),
  failure: text({ optional: true }),
} as const;

const days = { table: "dim_time", columns: ["year", "month", "day"] } as const;

/**
 * The `runs` dataset (OLP-30): the platform's own history, one row per run, step, model call, tool call and cost of the
 * runs that have finished. `af analytics export` writes it.
 */
export const runs = dataset("runs", {
  tables: {
    dim_time: time,
    dim_tenant: tenant,
    dim_workflow: workflow,
    dim_node: node,
    dim_model: model,
    dim_agent: agent,
    fact_run: fact({
      columns: {
        ...runColumns,
        // The commit with which it ended, by which an export knows a run that has gone on since.
        sequence: integer({ min: 1 }),
        status: text({ oneOf: ["succeeded", "failed", "cancelled"] }),
        failure: text({ optional: true }),
        failed: integer({ min: 0, max: 1 }),
        // From its creation to its last commit, waiting for people included, and without it.
        duration_ms: real({ min: 0 }),
        active_ms: real({ min: 0 }),
        steps: integer({ min: 0 }),
        resumes: integer({ min: 0 }),
      },
      key: ["run_key"],
      joins: runJoins,
      day: "date",
      partitions: days,
      order: ["run_key"],
      rules: { "failed is 1 exactly for the status failed": "(failed = 1) = (status = 'failed')" },
    }),
    fact_step: fact({
      columns: {
        ...stepColumns,
        status: text({ oneOf: ["succeeded", "recovered", "failed", "cancelled", "unfinished"] }),
        // The code of the last attempt that failed, also where another one succeeded after it.
        failure: text({ optional: true }),
        // Of the last attempt, and of all of them.
        duration_ms: real({ min: 0 }),
        busy_ms: real({ min: 0 }),
        attempts: integer({ min: 0 }),
        failures: integer({ min: 0 }),
        retries: integer({ min: 0 }),
        // Answers of the step cache, and of the response cache to its calls.
        cache_asked: integer({ min: 0 }),
        cache_hits: integer({ min: 0 }),
      },
      key: ["run_key", "step_number"],
      joins: stepJoins,
      day: "date",
      partitions: days,
      order: ["run_key", "step_number"],
      rules: {
        "hits are among what was asked for": "cache_hits <= cache_asked",
        "retries follow failures": "retries <= failures AND failures <= attempts",
      },
    }),
    fact_model_call: fact({
      columns: {
        ...callColumns,
        model_key: integer(),
        ...callOutcome,
        // 1 if the response cache answered and nobody was asked.
        cached: integer({ min: 0, max: 1 }),
        input_tokens: integer({ min: 0 }),
        output_tokens: integer({ min: 0 }),
        cached_tokens: integer({ min: 0 }),
      },
      key: ["run_key", "call_number"],
      joins: callJoins,
      day: "date",
      partitions: days,
      order: ["run_key", "call_number"],
    }),
    fact_tool_call: fact({
      columns: {
        ...callColumns,
        tool: text(),
        effect: integer({ min: 0, max: 1 }),
        ...callOutcome,
        cache_asked: integer({ min: 0, max: 1 }),
        cache_hits: integer({ min: 0, max: 1 }),
      },
      key: ["run_key", "call_number"],
      joins: stepJoins,
      day: "date",
      partitions: days,
      order: ["run_key", "call_number"],
    }),
    fact_cost: fact({
      columns: {
        ...callColumns,
        model_key: integer(),
        // In US dollars. What was expected before is not always known; `estimated_amount` is the amount where it is.
        amount: amount({ min: 0 }),
        estimate: amount({ min: 0, optional: true }),
        estimated_amount: amount({ min: 0, optional: true }),
      },
      key: ["run_key", "call_number"],
      joins: callJoins,
      day: "date",
      partitions: days,
      order: ["run_key", "call_number"],
      rules: {
        "the estimated amount is the amount, where there is an estimate":
          "estimated_amount IS NOT DISTINCT FROM CASE WHEN estimate IS NOT NULL THEN amount END",
      },
    }),
  },
  dimensions: {
    year: "dim_time.year",
    quarter: "dim_time.quarter",
    month: "dim_time.month",
    day: "dim_time.day",
    date: "dim_time.date",
    week: "dim_time.week",
    weekend: "dim_time.is_weekend",
    tenant: "dim_tenant.tenant",
    workflow: "dim_workflow.workflow",
    version: "dim_workflow.version",
    node: "dim_node.node",
    path: "dim_node.path",
    provider: "dim_model.provider",
    model: "dim_model.model",
    agent: "dim_agent.agent",
    run: "fact_run.run_id",
    status: "fact_run.status",
    failure: "fact_run.failure",
    step: "fact_step.step_id",
    step_run: "fact_step.run_id",
    step_status: "fact_step.status",
    step_failure: "fact_step.failure",
    tool: "fact_tool_call.tool",
    tool_failure: "fact_tool_call.failure",
    model_failure: "fact_model_call.failure",
  },
  measures: {
    runs: count("fact_run"),
    failed_runs: sum("fact_run.failed"),
    failure_rate: average("fact_run.failed"),
    run_p50_ms: percentile("fact_run.duration_ms", 50),
    run_p95_ms: percentile("fact_run.duration_ms", 95),
    active_ms: sum("fact_run.active_ms"),
    steps: count("fact_step"),
    attempts: sum("fact_step.attempts"),
    failures: sum("fact_step.failures"),
    retries: sum("fact_step.retries"),
    retry_rate: ratio("fact_step.retries", "fact_step.attempts"),
    step_p50_ms: percentile("fact_step.duration_ms", 50),
    step_p95_ms: percentile("fact_step.duration_ms", 95),
    step_p99_ms: percentile("fact_step.duration_ms", 99),
    longest_ms: greatest("fact_step.duration_ms"),
    busy_ms: sum("fact_step.busy_ms"),
    cache_asked: sum("fact_step.cache_asked"),
    cache_hits: sum("fact_step.cache_hits"),
    cache_hit_rate: ratio("fact_step.cache_hits", "fact_step.cache_asked"),
    model_calls: count("fact_model_call"),
    model_failures: sum("fact_model_call.failed"),
    cached_answers: sum("fact_model_call.cached"),
    model_p95_ms: percentile("fact_model_call.duration_ms", 95),
    input_tokens: sum("fact_model_call.input_tokens"),
    output_tokens: sum("fact_model_call.output_tokens"),
    cached_tokens: sum("fact_model_call.cached_tokens"),
    tool_calls: count("fact_tool_call"),
    tool_failures: sum("fact_tool_call.failed"),
    tool_p95_ms: percentile("fact_tool_call.duration_ms", 95),
    cost: sum("fact_cost.amount"),
    estimate: sum("fact_cost.estimate"),
    estimated_cost: sum("fact_cost.estimated_amount"),
    cost_per_estimate: ratio("fact_cost.estimated_amount", "fact_cost.estimate"),
  },
  hierarchies: {
    calendar: ["year", "quarter", "month", "day"],
    workflow: ["workflow", "version"],
    steps: ["workflow", "path"],
  },
});
