/** One line that says why something failed: the line of a child's output that names an error, else the message. */
export function failureReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").map((line) => line.trim());
  return lines.find((line) => /^(?!Error: Command failed)\w*Error\b.*:/.test(line)) ?? lines[0] ?? text;
}
