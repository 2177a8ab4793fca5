import { Transform } from "node:stream";

const newline = 10;

/**
 * Puts the tables of a script of pg_dump into another schema: outside the rows, `old.table` becomes `new.table`, also in
 * the names of sequences, which begin with a table's. Schemas are given as SQL writes them.
 */
export function renamingSchema(from: string, to: string, tables: readonly string[]): Transform {
  const names = tables.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const schema = from.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const qualified = new RegExp(`(?<![\\w"])${schema}\\.(?="?(?:${names}))`, "g");
  let isRow = false;
  let isMiddle = false;
  let rest: Buffer = Buffer.alloc(0);

  const renamed = (line: Buffer): Buffer => {
    if (isRow) {
      if (line.length === 3 && line.toString("latin1") === "\\.\n") isRow = false;
      return line;
    }
    const text = line.toString("utf8");
    if (text.startsWith("COPY ") && text.endsWith(" FROM stdin;\n")) isRow = true;
    return Buffer.from(text.replaceAll(qualified, () => `${to}.`));
  };

  // A row may be larger than memory has room for twice: what does not matter goes on at once.
  const lines = (bytes: Buffer): Buffer[] => {
    const out: Buffer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      const line = bytes.subarray(start, end + 1);
      out.push(isMiddle ? line : renamed(line));
      isMiddle = false;
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > 2 && isRow) {
      out.push(rest);
      rest = Buffer.alloc(0);
      isMiddle = true;
    }
    return out;
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.concat(lines(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]))));
    },
    flush(done) {
      done(null, renamed(rest));
    },
  });
}
