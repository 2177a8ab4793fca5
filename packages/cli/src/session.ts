import type { Output } from "./terminal/output.ts";

/** What a command works with besides its own arguments. */
export interface Session {
  readonly output: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  readonly directory: string;
  /** All of standard input as text; "" where there is none. */
  readonly readStandardInput: () => Promise<string>;
}
