/** Writes a number of things: `1 step`, `3 steps`. */
export function formatCount(count: number, thing: string): string {
  return count === 1 ? `1 ${thing}` : `${count} ${thing}s`;
}
