/**
 * Where a command writes. Standard output is data, standard error everything else. Whoever reads standard output may
 * leave at any time (`af tail RUN | head -1`), and a disk may be full: then what follows is dropped, and `closed` and
 * `lostBy` say so.
 */
import pc from "picocolors";

/** A stream that text is written to. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Functions that colour a text, or leave it as it is. */
export type Colors = ReturnType<typeof pc.createColors>;

/** What an Output is made of. */
export interface OutputOptions {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly json: boolean;
  readonly colorStdout: boolean;
  readonly colorStderr: boolean;
}

/** The two streams of a command. */
export class Output {
  readonly json: boolean;
  /** For what goes to standard output. */
  readonly colors: Colors;
  /** For what goes to standard error. */
  readonly noteColors: Colors;
  readonly stderr: TextStream;
  readonly #stdout: TextStream;
  #closed = false;
  #lostBy: Error | undefined;

  constructor(options: OutputOptions) {
    this.json = options.json;
    this.colors = pc.createColors(options.colorStdout);
    this.noteColors = pc.createColors(options.colorStderr);
    this.stderr = options.stderr;
    this.#stdout = options.stdout;
    this.#stdout.on("error", (error) => {
      this.#closed = true;
      if (error.code !== "EPIPE") this.#lostBy ??= error;
    });
    // Nobody left to tell: the exit code still does.
    this.stderr.on("error", () => undefined);
  }

  /** True once nothing can be written to standard output any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** What kept data from being written, unless it was the reader who left. */
  get lostBy(): Error | undefined {
    return this.#lostBy;
  }

  /** Columns of the terminal that standard output is, or undefined. */
  get columns(): number | undefined {
    return this.#stdout.isTTY ? this.#stdout.columns : undefined;
  }

  /** Writes data, as it is. */
  write(text: string): void {
    if (!this.#closed) this.#stdout.write(text);
  }

  /** Writes a line of data. */
  line(text: string): void {
    this.write(`${text}\n`);
  }

  /** Writes a value as one line of JSON. */
  object(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** Writes a line to standard error: progress, hints, the next command. */
  note(text: string): void {
    this.stderr.write(`${text}\n`);
  }
}
