import type { QuestionId, Row } from "../../packages/analytics/src/index.ts";

/** A system that answers questions in a process of its own. */
export interface PeerSystem {
  readonly version: string;
  readonly answer: (question: QuestionId) => Promise<readonly Row[]>;
}

/** Opens a system over the Parquet files of a dataset. What it writes goes to `scratch`, which is removed for it. */
export type OpenSystem = (directory: string, scratch: string) => Promise<PeerSystem>;

/** What the process of a system says. */
export type PeerMessage =
  | { readonly kind: "ready"; readonly version: string }
  | {
      readonly kind: "answer";
      readonly rows: readonly Row[];
      readonly wallMs: number;
      readonly cpuMs: number;
      readonly peakRssMb: number;
    }
  | { readonly kind: "failed"; readonly reason: string };
