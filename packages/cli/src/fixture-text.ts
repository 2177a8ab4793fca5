import {
  dataOf,
  type EntryData,
  type Failure,
  type Json,
  type JsonObject,
  type RecordEvent,
  type RunStartedData,
} from "@agentflow/core";
import type { RunView } from "@agentflow/runtime";

/** What a test is made of. */
export interface FixtureParts {
  readonly view: RunView;
  readonly events: readonly RecordEvent[];
  readonly input: JsonObject;
  /** How the test imports the workflow. */
  readonly module: string;
  readonly exportName: string;
}

/** What the outside answered to one call: a value, or the message of an error. */
type Answer = { readonly value: Json } | { readonly error: string };

function answersOf(events: readonly RecordEvent[]): Map<string, Answer[]> {
  const calls = events
    .filter(({ type }) => type === "io.succeeded" || type === "io.failed")
    .map((event) => ({ event, data: dataOf<EntryData>(event) }))
    .filter(({ data }) => data.tx !== true)
    .sort((a, b) => a.data.attempt - b.data.attempt || a.data.index - b.data.index);
  const answers = new Map<string, Answer[]>();
  for (const { event, data } of calls) {
    const key = `${event.step} ${data.name}`;
    const { message = "" } = (data.value ?? {}) as Partial<Failure>;
    const answer = event.type === "io.failed" ? { error: message } : { value: data.value };
    answers.set(key, [...(answers.get(key) ?? []), answer]);
  }
  return answers;
}

function peopleOf(events: readonly RecordEvent[]): { answers: Record<string, Json>; signals: Json[] } {
  const answers: Record<string, Json> = {};
  const signals: Json[] = [];
  for (const event of events) {
    const { name, nth, value } = dataOf<EntryData>(event);
    const said = (value as { readonly value?: Json } | undefined)?.value ?? null;
    if (event.type === "interrupt.answered") answers[`${event.step}#${name}[${nth}]`] = said;
    else if (event.type === "wait.ended") signals.push({ key: name, value: said });
  }
  return { answers, signals };
}

function shown(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`);
}

/** What the clock said first: tests whose nodes read it more than once may differ. */
function firstTime(events: readonly RecordEvent[], started: RunStartedData): number {
  const read = events.find(({ type }) => type === "clock.read");
  return read === undefined ? started.at : Number(dataOf<EntryData>(read).value);
}

function expectation({ status, failure, state }: RunView): string[] {
  if (status === "succeeded") return [`  assert.deepEqual(run.result, ${shown(state, "  ")});`];
  const failed =
    failure === undefined ? [] : [`  assert.equal(run.failure?.code, ${JSON.stringify(failure.code)});`];
  return [
    `  assert.equal(run.status, ${JSON.stringify(status)});`,
    ...failed,
    `  assert.deepEqual(run.state, ${shown(state, "  ")});`,
  ];
}

/** The text of a test that runs the workflow of a recorded run again, with the outside as it answered then (ENG-57). */
export function fixtureText({ view, events, input, module, exportName }: FixtureParts): string {
  const { head } = view;
  const [first] = events;
  const started = first === undefined ? undefined : dataOf<RunStartedData>(first);
  const { answers, signals } = peopleOf(events);
  const steps = view.steps.filter(({ status }) => status === "succeeded").map(({ stepId }) => stepId);
  const imported = exportName === "default" ? `subject` : `{ ${exportName} as subject }`;
  const now = started === undefined ? head.createdAt : firstTime(events, started);
  return `${[
    'import assert from "node:assert/strict";',
    'import { test } from "node:test";',
    'import { assertReplays, testRun } from "agentflow/testing";',
    `import ${imported} from ${JSON.stringify(module)};`,
    "",
    "// What the outside answered, by step and name of the call, in the order of the calls.",
    `const answered: Record<string, ({ value: unknown } | { error: string })[]> = ${shown(Object.fromEntries(answersOf(events)), "")};`,
    "",
    "function outside(_input: unknown, { stepId, name }: { stepId: string; name: string }): unknown {",
    `  const answer = answered[\`\${stepId} \${name}\`]?.shift();`,
    `  if (answer === undefined) throw new Error(\`\${stepId} calls \${name}, which run ${head.runId} did not\`);`,
    '  if ("error" in answer) throw new Error(answer.error);',
    "  return answer.value;",
    "}",
    "",
    `test(${JSON.stringify(`${head.workflow} does what run ${head.runId} did`)}, async () => {`,
    `  const run = await testRun(subject, ${shown(input, "  ")}, {`,
    `    seed: ${JSON.stringify(head.seed)},`,
    `    now: ${now},`,
    '    io: { "*": outside },',
    ...(Object.keys(answers).length === 0 ? [] : [`    answers: ${shown(answers, "    ")},`]),
    ...(signals.length === 0 ? [] : [`    signals: ${shown(signals, "    ")},`]),
    "  });",
    ...expectation(view),
    `  assert.deepEqual(`,
    `    run.steps.filter(({ status }) => status === "succeeded").map(({ stepId }) => stepId).sort(),`,
    `    ${shown([...steps].sort(), "    ")},`,
    "  );",
    "  await assertReplays(run);",
    "});",
  ].join("\n")}\n`;
}
