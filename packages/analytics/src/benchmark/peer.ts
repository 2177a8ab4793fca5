import type { DuckSettings } from "../execute/duck-database.ts";
import type { BenchmarkQuestion, QuestionId } from "./benchmark-questions.ts";
import type { Work } from "./measure-rounds.ts";

/** Another way to the same answers, measured beside this one. */
export interface Peer {
  readonly name: string;
  /** It is not asked about more rows than this: loading them, or waiting for it, would take too long. */
  readonly rowsMax?: number;
  /** How many times its time ours has to be at least, by question. */
  readonly limits?: Readonly<Partial<Record<QuestionId, number>>>;
  readonly open: (request: PeerRequest) => Promise<OpenPeer>;
}

/** What a peer is to answer from: the Parquet files of a sales dataset. */
export interface PeerRequest {
  readonly directory: string;
  readonly duck: Pick<DuckSettings, "threads" | "memoryLimitMb">;
  /** A folder for its own files, removed afterwards. */
  readonly scratch: string;
}

/** A peer that is ready. */
export interface OpenPeer extends AsyncDisposable {
  readonly version: string;
  readonly answer: (question: BenchmarkQuestion) => Promise<Work>;
}
