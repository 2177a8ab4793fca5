/** One step of the schema. Each direction is a list of statements that run in one transaction (STO-2). */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}
