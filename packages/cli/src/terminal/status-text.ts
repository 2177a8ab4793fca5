import type { Colors } from "./output.ts";

// A sign and a word each, so that a state never hangs on colour alone.
const signs: Readonly<Record<string, string>> = {
  succeeded: "✔",
  failed: "✖",
  cancelled: "⊘",
  running: "●",
  retrying: "↻",
  waiting: "◌",
  paused: "‖",
  parked: "‖",
  skipped: "↷",
  queued: "·",
  ready: "·",
};

/** A status as sign and word, coloured. */
export function statusText(status: string, colors: Colors): string {
  const text = `${signs[status] ?? "·"} ${status}`;
  switch (status) {
    case "succeeded":
      return colors.green(text);
    case "failed":
      return colors.red(text);
    case "running":
      return colors.cyan(text);
    case "retrying":
    case "waiting":
    case "paused":
    case "parked":
      return colors.yellow(text);
    default:
      return colors.dim(text);
  }
}
