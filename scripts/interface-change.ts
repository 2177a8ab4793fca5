import { diff } from "node:util";

const contextLines = 2;

/**
 * Shows how an interface differs from its snapshot: lines taken away with `-`, lines added with `+`, and the lines
 * around them. Gives nothing where the two agree.
 */
export function interfaceChange(snapshot: string, current: string): string {
  const lines = diff(snapshot.split("\n"), current.split("\n"));
  const changed = lines.flatMap(([operation], index) => (operation === 0 ? [] : [index]));
  const shown = new Set(
    changed.flatMap((index) =>
      Array.from({ length: 2 * contextLines + 1 }, (_, step) => index - contextLines + step),
    ),
  );
  let last = -1;
  const text: string[] = [];
  for (const [index, [operation, line]] of lines.entries()) {
    if (!shown.has(index)) continue;
    if (index > last + 1) text.push("...");
    last = index;
    text.push(`${operation === 0 ? " " : operation > 0 ? "-" : "+"} ${line}`);
  }
  return text.join("\n");
}
