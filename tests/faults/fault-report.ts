import { invariant } from "@agentflow/core";

/** A promise that did not hold. */
export interface Violation {
  readonly promise: string;
  /** What was seen instead: run, position, values. */
  readonly detail?: string;
}

/** What a fault counted on one store, or in one of several conditions there, and what did not hold. */
export class FaultSection {
  readonly label: string;
  readonly #counts = new Map<string, number>();
  readonly #violations: Violation[] = [];
  readonly #notes: string[] = [];
  #skipped: string | undefined;
  readonly #report: FaultReport;

  /** Made by `FaultReport.section`. */
  constructor(report: FaultReport, label: string) {
    this.#report = report;
    this.label = label;
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  get violations(): readonly Violation[] {
    return this.#violations;
  }

  get notes(): readonly string[] {
    return this.#notes;
  }

  /** What the machine lacks for it, or undefined where it ran. */
  get skipped(): string | undefined {
    return this.#skipped;
  }

  /** Whether neither it nor a section of one of its conditions has a violation. */
  get isClean(): boolean {
    const own = `${this.label} `;
    return this.#report.violations.every(({ section }) => section !== this.label && !section.startsWith(own));
  }

  /** Adds to a count that the fault has declared. */
  count(name: string, amount = 1): void {
    invariant(name in this.#report.meanings, `${name} is not among the declared counts`);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + amount);
  }

  violation(promise: string, detail?: string): void {
    this.#violations.push(detail === undefined ? { promise } : { promise, detail });
  }

  /** Reports a violation unless the promise holds; returns whether it does. */
  expect(holds: boolean, promise: string, detail?: string): boolean {
    if (!holds) this.violation(promise, detail);
    return holds;
  }

  /** A line that is printed below the table, for what a number does not tell. */
  note(line: string): void {
    this.#notes.push(line);
  }

  skip(missing: string): void {
    this.#skipped = missing;
  }

  /** A section for a condition of its own, such as a durability level; a column of its own in the table. */
  section(condition: string): FaultSection {
    return this.#report.section(`${this.label} ${condition}`);
  }
}

/** Everything that one fault reports. */
export class FaultReport {
  readonly name: string;
  readonly seed: string;
  /** What each count means, by its name. */
  readonly meanings: Readonly<Record<string, string>>;
  readonly sections: FaultSection[] = [];

  constructor(given: {
    readonly name: string;
    readonly seed: string;
    readonly meanings: Readonly<Record<string, string>>;
  }) {
    this.name = given.name;
    this.seed = given.seed;
    this.meanings = given.meanings;
  }

  /** The section of a label, made when it is asked for first. */
  section(label: string): FaultSection {
    const known = this.sections.find((section) => section.label === label);
    if (known !== undefined) return known;
    const made = new FaultSection(this, label);
    this.sections.push(made);
    return made;
  }

  /** All violations, each with the section that it belongs to. */
  get violations(): readonly (Violation & { readonly section: string })[] {
    return this.sections.flatMap(({ label, violations }) =>
      violations.map((violation) => ({ section: label, ...violation })),
    );
  }

  /** What was skipped, by section, and what was missing. */
  get skipped(): readonly { readonly section: string; readonly missing: string }[] {
    return this.sections.flatMap(({ label, skipped }) =>
      skipped === undefined ? [] : [{ section: label, missing: skipped }],
    );
  }

  toJSON(): object {
    return {
      fault: this.name,
      seed: this.seed,
      meanings: this.meanings,
      sections: this.sections.map(({ label, counts, violations, notes, skipped }) => ({
        label,
        ...(skipped === undefined ? { counts: Object.fromEntries(counts), violations, notes } : { skipped }),
      })),
    };
  }
}
