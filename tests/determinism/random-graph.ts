import {
  anyOf,
  append,
  custom,
  type Field,
  goto,
  hashOf,
  type Json,
  merge,
  min,
  type NodeContext,
  nested,
  type StateOf,
  type StateSpec,
  sum,
  union,
  value,
  type Workflow,
  type WorkflowBuilder,
  workflow,
} from "@agentflow/core";
import type { Block, Work } from "./graph-plan.ts";
import type { Points } from "./points.ts";

const fields = {
  given: value<string>(""),
  log: append<string>(),
  chain: custom<string>({ id: "chain@1", initial: "", reduce: (current, delta) => short([current, delta]) }),
  total: sum(),
  tags: union<number>(),
  seen: merge<string>(),
  turns: merge<number>(),
  low: min(1000),
} satisfies StateSpec;

type State = StateOf<typeof fields>;
type Builder = WorkflowBuilder<StateSpec, string, string>;
interface Ends {
  readonly entry: string;
  readonly exit: string;
}

/** Makes the workflow of a plan. Its steps wait at `points`; everything else is a function of plan, seed and input. */
export function buildGraph(plan: Block, points: Points): Workflow {
  return new GraphMaker("graph", points).make(plan);
}

class GraphMaker {
  readonly #name: string;
  readonly #points: Points;
  readonly #nodes: ((builder: Builder) => Builder)[] = [];
  readonly #own: string[] = [];
  #count = 0;

  constructor(name: string, points: Points) {
    this.#name = name;
    this.#points = points;
  }

  make(plan: Block, failure?: string): Workflow {
    const { entry, exit } = this.#place(plan);
    this.#edge("begin", entry);
    const state: Record<string, Field> = { ...(fields as unknown as Record<string, Field>) };
    for (const name of this.#own) state[`own_${name}`] = value<string>("") as Field;
    const begin = async (): Promise<Record<string, Json>> => {
      await this.#points.at(`${this.#name}.begin`);
      if (failure !== undefined) throw new Error(failure);
      return { log: ["begin"] };
    };
    const started = workflow(this.#name, { version: "1", state: state as StateSpec }).start("begin", begin);
    let builder: Builder = started.dynamic();
    for (const add of this.#nodes) builder = add(builder);
    return builder.end(exit) as unknown as Workflow;
  }

  #place(plan: Block): Ends {
    switch (plan.kind) {
      case "work":
        return this.#placeWork(plan.work);
      case "sequence":
        return this.#placeSequence(plan.blocks);
      case "parallel":
        return this.#placeParallel(plan);
      case "loop":
        return this.#placeLoop(plan);
      case "choice":
        return this.#placeChoice(plan.branches);
      case "map":
        return this.#placeMap(plan);
      case "nested":
        return this.#placeNested(plan);
    }
  }

  #placeWork(work: Work): Ends {
    const name = this.#named("work");
    this.#own.push(name);
    const run = (state: unknown, ctx: NodeContext): Promise<Record<string, Json>> =>
      this.#work(work, { name, argument: "", state: state as State, ctx });
    this.#nodes.push((builder) => builder.node(name, {}, run, this.#policy(work, name)));
    return { entry: name, exit: name };
  }

  #placeSequence(blocks: readonly Block[]): Ends {
    const placed = blocks.map((part) => this.#place(part));
    for (const [index, part] of placed.entries()) {
      const next = placed[index + 1];
      if (next !== undefined) this.#edge(part.exit, next.entry);
    }
    return { entry: placed[0]?.entry ?? "", exit: placed.at(-1)?.exit ?? "" };
  }

  #placeParallel(plan: Extract<Block, { kind: "parallel" }>): Ends {
    const fork = this.#mark("fork", {});
    const isAbsent = plan.absent && plan.meet === "settled";
    const ends = plan.branches.map((branch) => this.#place(branch));
    for (const [index, branch] of ends.entries()) {
      if (!isAbsent || index < ends.length - 1) this.#edge(fork, branch.entry);
      else this.#route(fork, [branch.entry], ({ log }) => (log.length % 2 === 0 ? [] : [branch.entry]));
    }
    const exits = ends.map((branch) => branch.exit);
    const after = plan.meet === "any" ? anyOf(...exits) : exits;
    const join = plan.meet === "any" ? {} : { join: { when: plan.meet } };
    const placement = { after, ...join };
    const exit =
      plan.items === undefined ? this.#mark("meet", placement) : this.#markEach(plan.items, placement);
    return { entry: fork, exit };
  }

  #placeLoop({ body, times, by }: Extract<Block, { kind: "loop" }>): Ends {
    const head = this.#named("head");
    this.#nodes.push((builder) =>
      builder.node(head, {}, async (state) => {
        await this.#points.at(head);
        return { turns: { [head]: ((state as unknown as State).turns[head] ?? 0) + 1 } };
      }),
    );
    const inside = this.#place(body);
    this.#edge(head, inside.entry);
    const goesOn = (state: State): boolean => (state.turns[head] ?? 0) < times;
    if (by === "route") {
      const tail = this.#mark("tail", { after: inside.exit });
      const leave = this.#mark("leave", {});
      this.#route(tail, [head, leave], (state) => (goesOn(state) ? [head] : [leave]));
      return { entry: head, exit: leave };
    }
    const tail = this.#named("tail");
    this.#nodes.push((builder) =>
      builder.node(tail, { after: inside.exit, goto: [head] }, async (state) => {
        await this.#points.at(tail);
        const delta = { log: [tail] };
        return goesOn(state as unknown as State) ? goto(head, delta) : delta;
      }),
    );
    return { entry: head, exit: tail };
  }

  #placeChoice(branches: readonly Block[]): Ends {
    const fork = this.#mark("choose", {});
    const ends = branches.map((branch) => this.#place(branch));
    const entries = ends.map((branch) => branch.entry);
    this.#route(fork, entries, ({ log }) => {
      const bits = 1 + (log.length % (2 ** entries.length - 1));
      return entries.filter((_entry, index) => (bits >> index) % 2 === 1);
    });
    return { entry: fork, exit: this.#mark("merge", { after: anyOf(...ends.map((branch) => branch.exit)) }) };
  }

  #placeMap({ items, concurrency, body }: Extract<Block, { kind: "map" }>): Ends {
    const name = this.#named("map");
    const over = (state: unknown): string[] =>
      Array.from({ length: items }, (_unused, index) => `${name}:${index}:${(state as State).log.length}`);
    const placement = { over, ...(concurrency === undefined ? {} : { concurrency }) };
    if ("actions" in body) {
      const run = (item: string, ctx: NodeContext, state: unknown): Promise<Record<string, Json>> =>
        this.#work(body, { name, argument: item, state: state as State, ctx });
      this.#nodes.push((builder) => builder.map(name, placement, run, this.#policy(body, name)));
    } else {
      const child = this.#child(name, body);
      this.#nodes.push((builder) => builder.map(name, placement, this.#nested(child, name) as never));
    }
    return { entry: name, exit: name };
  }

  #placeNested({ child, fails }: Extract<Block, { kind: "nested" }>): Ends {
    const name = this.#named("nest");
    const body = this.#nested(this.#child(name, child, fails ? `${name} fails` : undefined), name);
    const recover = async (failure: { message: string }): Promise<Record<string, Json>> => {
      await this.#points.at(`${name}.recover`);
      return { log: [failure.message] };
    };
    this.#nodes.push((builder) => builder.node(name, {}, body as never, (fails ? { recover } : {}) as never));
    return { entry: name, exit: name };
  }

  #child(name: string, plan: Block, failure?: string): Workflow {
    return new GraphMaker(`${this.#name}-${name}`, this.#points).make(plan, failure);
  }

  #nested(child: Workflow, name: string): unknown {
    return nested(child as unknown as Workflow<typeof fields>, {
      input: (argument: unknown) => ({ given: short(argument) }),
      output: (state, argument) => ({
        log: [`(${state.log.length}`, ...state.log, ")"],
        chain: state.chain,
        total: state.total,
        tags: state.tags,
        low: state.low,
        seen: { [typeof argument === "string" ? argument : name]: short(state.seen) },
      }),
    });
  }

  /** A node that does nothing but be there. */
  #mark(kind: string, placement: object): string {
    const name = this.#named(kind);
    const run = async (): Promise<Record<string, Json>> => {
      await this.#points.at(name);
      return { chain: name };
    };
    this.#nodes.push((builder) => builder.node(name, placement, run));
    return name;
  }

  /** As many steps that do nothing. */
  #markEach(count: number, placement: object): string {
    const name = this.#named("each");
    const over = (): number[] => Array.from({ length: count }, (_unused, index) => index);
    const run = async (item: number): Promise<Record<string, Json>> => {
      await this.#points.at(`${name} ${item}`);
      return { chain: `${name} ${item}` };
    };
    this.#nodes.push((builder) => builder.map(name, { ...placement, over }, run));
    return name;
  }

  #edge(from: string, to: string): void {
    this.#nodes.push((builder) => builder.edge(from, to));
  }

  #route(from: string, to: readonly string[], choose: (state: State) => readonly string[]): void {
    this.#nodes.push((builder) => builder.route(from, { to }, (state) => choose(state as unknown as State)));
  }

  #named(kind: string): string {
    return `${kind}${this.#count++}`;
  }

  #policy({ failures, recovers, io, backoffMs }: Work, name: string): object {
    if (failures === 0) return {};
    const attemptsMax = recovers ? failures : failures + 1;
    const recover = async (
      failure: { message: string },
      argument: unknown,
      ctx: NodeContext,
    ): Promise<object> => {
      await this.#points.at(`${ctx.stepId}.recover`);
      return { log: [`${name} ${failure.message} ${ctx.uuid()} ${short(argument)}`] };
    };
    return { retry: { attemptsMax, backoffMs, io, retryIf: () => true }, ...(recovers ? { recover } : {}) };
  }

  async #work(
    work: Work,
    given: { name: string; argument: string; state: State; ctx: NodeContext },
  ): Promise<Record<string, Json>> {
    const { name, argument, state, ctx } = given;
    await this.#points.at(ctx.stepId);
    const results: Json[] = [argument, state.given, state.log.length, state.chain, ctx.orderKey, ctx.attempt];
    for (const [index, action] of work.actions.entries()) {
      if (action.kind === "rng") results.push(ctx.rng.next());
      else if (action.kind === "uuid") results.push(ctx.uuid());
      else if (action.kind === "now") results.push(ctx.now());
      else if (action.kind === "sleep") await ctx.sleep(`nap${index}`, action.ms);
      else if (action.kind === "io") results.push(await this.#call(action, `call${index}`, ctx));
      else await this.#points.at(`${ctx.stepId}.${index}`);
    }
    if (ctx.attempt <= work.failures) throw new Error(`${ctx.stepId} fails attempt ${ctx.attempt}`);
    return deltaOf(work, { name, stepId: ctx.stepId, text: short(results) });
  }

  async #call(action: { together: number; failures: number }, name: string, ctx: NodeContext): Promise<Json> {
    const calls = Array.from({ length: action.together }, (_unused, index) =>
      ctx.io(name, { index }, async ({ index: nth }, { idempotencyKey }) => {
        await this.#points.at(`${ctx.stepId}.${name}.${nth}`);
        if (ctx.attempt <= action.failures) throw new Error(`${name} is down`);
        // The key names the run, which differs between two runs of one graph.
        return { nth, hasKey: idempotencyKey.length > 0 };
      }),
    );
    const settled = await Promise.allSettled(calls);
    return settled.map((call) => (call.status === "fulfilled" ? call.value : String(call.reason.message)));
  }
}

function deltaOf(work: Work, made: { name: string; stepId: string; text: string }): Record<string, Json> {
  const { name, stepId, text } = made;
  const number = Number.parseInt(text.slice(0, 4), 16);
  const values: Record<string, Json> = {
    log: [`${stepId} ${text}`],
    chain: text,
    // Tenths do not add up to the same float in every order.
    total: number / 10,
    tags: [number % 5],
    seen: { [stepId]: text },
    low: number % 100,
  };
  const delta: Record<string, Json> = {};
  for (const field of work.writes) {
    if (field !== "own") delta[field] = values[field] as Json;
    else if (name.startsWith("work")) delta[`own_${name}`] = text;
  }
  return delta;
}

function short(given: unknown): string {
  return hashOf(given as Json).slice(0, 12);
}
