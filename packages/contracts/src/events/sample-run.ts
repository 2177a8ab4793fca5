/**
 * A made-up run: rows as an engine would commit them, for tests of whatever reads rows or events. What the run does
 * follows from `content` alone; when it does it (interleaving, crashes, times, which entries commit early) from `order`.
 */
import {
  type ArtifactBinding,
  type AttemptRow,
  canonicalJson,
  countEvents,
  type FrontierEntry,
  formatStepId,
  type JournalEntry,
  type MarkType,
  type RecordRow,
  type Seal,
  type StepDetail,
  type StepRow,
  sha256Hex,
} from "@agentflow/core";
import { type SampleRandom, sampleRandom } from "./sample-random.ts";
import { type SampleStep, sampleFrontier, sampleStep } from "./sample-step.ts";

/** The rows of a sample run and the content they refer to. */
export interface SampleRun {
  readonly records: readonly RecordRow[];
  /** JSON of the definition whose hash `run.started` names. */
  readonly definition: string;
  /** Canonical JSON by SHA-256. */
  readonly blobs: ReadonlyMap<string, string>;
  /** Artifact contents by SHA-256. */
  readonly artifacts: ReadonlyMap<string, string>;
}

/** Makes the rows of a finished run from two seeds. */
export function sampleRun(seeds: { readonly content: number; readonly order: number }): SampleRun {
  return new SampleRunMaker(sampleRandom(seeds.content), sampleRandom(seeds.order)).make();
}

interface Scope {
  readonly path: string;
  readonly depth: number;
  readonly owner: Task | undefined;
  superstep: number;
  open: number;
}

interface Task {
  readonly scope: Scope;
  readonly ordinal: number;
  readonly entry: FrontierEntry;
  readonly item: number;
  readonly stepId: string;
  readonly content: SampleStep;
  readonly inline: JournalEntry[];
  nextEntry: number;
  failed: number;
  opens: boolean;
  nestedOpened: boolean;
  waitsForScope: boolean;
}

class SampleRunMaker {
  readonly #content: SampleRandom;
  readonly #order: SampleRandom;
  readonly #records: RecordRow[] = [];
  readonly #tasks: Task[] = [];
  readonly #blobs = new Map<string, string>();
  readonly #artifacts = new Map<string, string>();
  #seq = 1;
  #epoch = 1;
  #events = 0;
  #now = 1_700_000_000_000;

  constructor(content: SampleRandom, order: SampleRandom) {
    this.#content = content;
    this.#order = order;
  }

  make(): SampleRun {
    const definition = canonicalJson({ name: "sample", nodes: ["a", "b", "fan"] });
    this.#now += this.#order.below(1_000_000);
    this.#mark("run.started", {
      workflow: "sample",
      version: "1",
      fingerprint: sha256Hex("fingerprint"),
      seed: "seed",
      input: { question: "why?" },
      definition: sha256Hex(definition),
    });
    this.#openScope({ path: "", depth: 0, owner: undefined, superstep: 0, open: 0 });
    while (this.#tasks.length > 0) this.#advance();
    this.#mark("run.succeeded", undefined, { report: "done" });
    return { records: this.#records, definition, blobs: this.#blobs, artifacts: this.#artifacts };
  }

  #advance(): void {
    if (this.#order.oneIn(20)) this.#crash();
    const ready = this.#tasks.filter((task) => !task.waitsForScope);
    const task = ready[this.#order.below(ready.length)];
    if (task === undefined) return;
    const entry = task.content.entries[task.nextEntry];
    if (entry !== undefined) this.#takeEntry(task, entry);
    else if (task.failed < task.content.attempts.length) this.#failAttempt(task);
    else if (task.content.nested && !task.nestedOpened) this.#nest(task);
    else this.#finish(task);
  }

  #crash(): void {
    this.#mark("run.parked", { by: "process" });
    this.#epoch += 1;
    this.#mark("run.recovered", { recoveries: 1 });
  }

  #openScope(scope: Scope): void {
    this.#dispatch(scope, [{ node: "a", origin: "", edge: 0 }]);
  }

  #dispatch(scope: Scope, frontier: readonly FrontierEntry[]): void {
    let ordinal = 0;
    for (const entry of frontier) {
      for (let place = 0; place < (entry.items ?? 1); place++) {
        const item = entry.items === undefined ? -1 : place;
        this.#tasks.push(this.#task(scope, ordinal, entry, item));
        ordinal += 1;
      }
    }
    scope.open = ordinal;
  }

  #task(scope: Scope, ordinal: number, entry: FrontierEntry, item: number): Task {
    const { path, superstep, depth } = scope;
    const position = { scope: path, superstep, node: entry.node, item: item === -1 ? undefined : item };
    const stepId = formatStepId(position);
    return {
      scope,
      ordinal,
      entry,
      item,
      stepId,
      content: sampleStep(this.#content.child(stepId), stepId, depth),
      inline: [],
      nextEntry: 0,
      failed: 0,
      opens: true,
      nestedOpened: false,
      waitsForScope: false,
    };
  }

  #takeEntry(task: Task, sample: JournalEntry): void {
    task.nextEntry += 1;
    const entry = { ...sample, at: this.#tick(), durationMs: this.#order.below(50) };
    const cached =
      sample.cache === undefined ? entry : { ...entry, cache: this.#order.pick(["hit", "miss"] as const) };
    if (this.#order.oneIn(2)) {
      task.inline.push(cached);
      return;
    }
    for (const journaled of [...task.inline.splice(0), cached]) {
      const events = countEvents("journal", { opens: task.opens, entries: [journaled] });
      const row = { ...this.#place(task, events), opens: task.opens, startedAt: this.#now, entry: journaled };
      this.#records.push({ kind: "journal", row });
      task.opens = false;
    }
  }

  #failAttempt(task: Task): void {
    const ended = task.content.attempts[task.failed];
    task.failed += 1;
    const entries = task.inline.splice(0);
    const events = countEvents("attempt", { opens: task.opens, entries });
    const row: AttemptRow = {
      ...this.#place(task, events),
      attempt: task.failed,
      round: 0,
      opens: task.opens,
      outcome: ended === "cancelled" ? "cancelled" : "failed",
      failure: canonicalJson({
        code: "AF_THROWN",
        class: "internal",
        retryable: true,
        name: "Error",
        message: "no",
      }),
      nextAt: ended === "retried" ? this.#tick() : undefined,
      entries: entries.length === 0 ? undefined : canonicalJson(JSON.parse(JSON.stringify(entries))),
      startedAt: this.#now,
      durationMs: this.#order.below(50),
    };
    task.opens = false;
    this.#records.push({ kind: "attempt", row });
  }

  #nest(task: Task): void {
    task.waitsForScope = true;
    task.nestedOpened = true;
    const depth = task.scope.depth + 1;
    this.#openScope({ path: task.stepId, depth, owner: task, superstep: 0, open: 0 });
  }

  #finish(task: Task): void {
    const { scope, content } = task;
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
    scope.open -= 1;
    const frontier = scope.open === 0 ? this.#nextFrontier(scope) : undefined;
    const artifacts = content.artifacts.map(({ content: text, ...binding }): ArtifactBinding => {
      this.#artifacts.set(binding.sha256, text);
      return binding;
    });
    const entries = task.inline.splice(0);
    const detail = this.#detailOf(content, entries, artifacts);
    const seal: Seal | undefined =
      frontier === undefined ? undefined : { frontier, ...(frontier.length === 0 ? { exited: true } : {}) };
    const row: StepRow = {
      ...this.#place(task, countEvents("step", { ...detail, opens: task.opens })),
      origin: task.entry.origin ?? "",
      edge: task.entry.edge ?? 0,
      attempt: content.attempts.length + 1,
      opens: task.opens,
      startedAt: this.#tick(),
      durationMs: this.#order.below(5_000) / 8,
      delta: content.delta,
      detail:
        Object.keys(detail).length === 0 ? undefined : canonicalJson(JSON.parse(JSON.stringify(detail))),
      seal: seal === undefined ? undefined : canonicalJson(JSON.parse(JSON.stringify(seal))),
    };
    this.#records.push({ kind: "step", row });
    if (frontier !== undefined) this.#sealed(scope, frontier);
  }

  #detailOf(
    content: SampleStep,
    entries: readonly JournalEntry[],
    artifacts: readonly ArtifactBinding[],
  ): StepDetail {
    const hash = sha256Hex(content.blob);
    this.#blobs.set(hash, content.blob);
    return {
      ...(entries.length === 0 ? {} : { entries }),
      ...(artifacts.length === 0 ? {} : { artifacts }),
      ...(content.large ? { refs: { large: hash } } : {}),
      ...(content.goto === undefined ? {} : { goto: content.goto }),
      ...(content.asked === undefined ? {} : { cache: { answer: content.asked, key: hash } }),
      ...(content.nested && content.large ? { inherited: { "notes.md": hash } } : {}),
    };
  }

  #nextFrontier(scope: Scope): FrontierEntry[] {
    const name = `${scope.path}|${scope.superstep}`;
    return sampleFrontier(this.#content.child(name), scope.superstep, `${scope.superstep}.a`);
  }

  #sealed(scope: Scope, frontier: readonly FrontierEntry[]): void {
    scope.superstep += 1;
    this.#dispatch(scope, frontier);
    if (frontier.length === 0 && scope.owner !== undefined) scope.owner.waitsForScope = false;
  }

  #place(task: Task, events: number) {
    const { scope, ordinal, entry, item } = task;
    return {
      scope: scope.path,
      superstep: scope.superstep,
      ordinal,
      node: entry.node,
      item,
      ...this.#stamp(events),
    };
  }

  #stamp(events: number) {
    const event = this.#events + 1;
    this.#events += events;
    if (this.#order.oneIn(2)) this.#seq += 1;
    return { seq: this.#seq, epoch: this.#epoch, event };
  }

  #mark(type: MarkType, data?: object, state?: Readonly<Record<string, string>>): void {
    const blob = canonicalJson("a large final value");
    if (state !== undefined) this.#blobs.set(sha256Hex(blob), blob);
    const row = {
      ...this.#stamp(1),
      type,
      at: this.#tick(),
      data: data === undefined ? undefined : canonicalJson(JSON.parse(JSON.stringify(data))),
      state: state === undefined ? undefined : canonicalJson(state),
      refs: state === undefined ? undefined : canonicalJson({ large: sha256Hex(blob) }),
    };
    this.#records.push({ kind: "mark", row });
  }

  #tick(): number {
    this.#now += 1 + this.#order.below(1_000);
    return this.#now;
  }
}
