/** Turns each `?` of one of our own statements, which hold no literal question mark, into `$1`, `$2` and so on. */
export function numberedPlaceholders(sql: string): string {
  let count = 0;
  return sql.replaceAll("?", () => `$${++count}`);
}
