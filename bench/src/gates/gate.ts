/** A promise about speed or size, as measured. */
export interface Gate {
  readonly name: string;
  /** Undefined when what it needs was not measured. */
  readonly measured: number | undefined;
  readonly limit: number;
  readonly bound: "at least" | "at most";
  readonly unit: string;
}

/** Whether the gate holds; undefined when it was not measured. */
export function gateHolds({ measured, limit, bound }: Gate): boolean | undefined {
  if (measured === undefined) return undefined;
  return bound === "at least" ? measured >= limit : measured <= limit;
}
