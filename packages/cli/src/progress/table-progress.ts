import type { RunEvent } from "@agentflow/core";
import type { Output } from "../terminal/output.ts";
import type { Progress } from "./progress.ts";
import { StepBoard } from "./step-board.ts";
import { stepTable } from "./step-table.ts";

const redrawMs = 100;

// ECMA-48: cursor up and erase below. The cursor stays visible, so that a killed process leaves a usable terminal.
const eraseLines = (count: number): string => (count === 0 ? "" : `\u001b[${count}A\u001b[J`);

/** Progress for a terminal: a table of steps, redrawn ten times a second while something changes or runs. */
export class TableProgress implements Progress {
  readonly #output: Output;
  readonly #board = new StepBoard();
  readonly #timer: NodeJS.Timeout;
  #drawnLines = 0;

  constructor(output: Output) {
    this.#output = output;
    this.#timer = setInterval(() => this.#draw(), redrawMs).unref();
  }

  apply(event: RunEvent): void {
    this.#board.apply(event);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#draw();
  }

  #draw(): void {
    if (this.#board.size === 0) return;
    const { stderr, noteColors } = this.#output;
    const lines = stepTable(this.#board, {
      columns: stderr.columns ?? 80,
      rows: stderr.rows ?? 24,
      colors: noteColors,
      now: Date.now(),
    });
    stderr.write(`${eraseLines(this.#drawnLines)}${lines.join("\n")}\n`);
    this.#drawnLines = lines.length;
  }
}
