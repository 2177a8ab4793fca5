import { Transform } from "node:stream";

const codes = {
  quote: 0x27,
  backslash: 0x5c,
  open: 0x28,
  close: 0x29,
  semicolon: 0x3b,
  newline: 0x0a,
} as const;
const lineMaxLength = 65_536;
const statement = /^(CREATE TABLE|INSERT INTO) `((?:[^`]|``)+)` (?:\($|(?:\(.*\) )?VALUES$)/;

/** A step of a stream that counts. */
export interface RowCounter {
  readonly step: Transform;
  readonly counts: () => Record<string, number>;
  /** Whether the line came that mysqldump ends with. */
  readonly isComplete: () => boolean;
}

/**
 * Counts the rows of each table in what mysqldump writes, which passes through unchanged: the parentheses outside of
 * texts, in the statements that insert. Texts are in single quotes, with backslashes before what would end them.
 */
export function countingRows(): RowCounter {
  const counts: Record<string, number> = {};
  // Where the reading is: in a line of the script, or in the rows of a table.
  let [line, table] = ["", undefined as string | undefined];
  let [isText, isEscaped, depth] = [false, false, 0];
  let isComplete = false;

  const readLine = (byte: number): void => {
    if (byte === codes.newline) {
      isComplete ||= line.startsWith("-- Dump completed");
      line = "";
    }
    if (byte !== codes.newline && line.length < lineMaxLength) line += String.fromCharCode(byte);
    // "(" ends the first line of a table, "S" the word before its rows.
    if (byte !== codes.open && byte !== 0x53) return;
    const [, verb, quoted] = statement.exec(line) ?? [];
    if (quoted === undefined) return;
    const name = Buffer.from(quoted.replaceAll("``", "`"), "latin1").toString("utf8");
    counts[name] ??= 0;
    if (verb === "INSERT INTO" && byte !== codes.open) table = name;
  };

  const readRow = (byte: number, name: string): void => {
    if (isEscaped) isEscaped = false;
    else if (isText) {
      if (byte === codes.backslash) isEscaped = true;
      else if (byte === codes.quote) isText = false;
    } else if (byte === codes.quote) isText = true;
    else if (byte === codes.close) depth--;
    else if (byte === codes.open) {
      if (depth++ === 0) counts[name] = (counts[name] ?? 0) + 1;
    } else if (byte === codes.semicolon) [table, line] = [undefined, ""];
  };

  const step = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (const byte of chunk) {
        if (table === undefined) readLine(byte);
        else readRow(byte, table);
      }
      done(null, chunk);
    },
  });
  return { step, counts: () => counts, isComplete: () => isComplete };
}
