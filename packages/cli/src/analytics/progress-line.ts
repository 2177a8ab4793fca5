import type { OnProgress, WorkProgress } from "@agentflow/analytics";
import { formatDuration } from "../terminal/format-duration.ts";
import type { Output } from "../terminal/output.ts";

/** Progress of long work as one line: share, speed, time left. */
function progressText({ rowsDone, rowsTotal, rowsPerSecond, secondsLeft }: WorkProgress): string {
  const share = rowsTotal === 0 ? 100 : Math.floor((rowsDone / rowsTotal) * 100);
  const speed = `${Math.round(rowsPerSecond).toLocaleString("en")} rows/s`;
  const left = rowsDone < rowsTotal ? `, ${formatDuration(secondsLeft * 1_000)} left` : "";
  return `${String(share).padStart(3)} %  ${rowsDone.toLocaleString("en")} of ${rowsTotal.toLocaleString("en")} rows, ${speed}${left}`;
}

/** Shows progress on standard error: one line that changes in a terminal, a line for each tenth elsewhere. */
export function showProgress(output: Output): OnProgress {
  let tenth = 0;
  return (progress) => {
    const text = progressText(progress);
    const isDone = progress.rowsDone >= progress.rowsTotal;
    if (output.stderr.isTTY) {
      // ECMA-48: back to the first column, erase the line.
      output.stderr.write(`\r\u001b[K${text}${isDone ? "\n" : ""}`);
      return;
    }
    const reached = Math.floor((progress.rowsDone / Math.max(1, progress.rowsTotal)) * 10);
    if (reached > tenth || isDone) output.note(text);
    tenth = reached;
  };
}
