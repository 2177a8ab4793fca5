import type { SqlValue } from "@agentflow/core";

type Parse = (text: string) => SqlValue;

// Type oids of PostgreSQL (pg_type.dat).
const parsers: Readonly<Record<number, Parse>> = {
  16: (text) => (text === "t" ? 1 : 0),
  17: (text) => new Uint8Array(Buffer.from(text.slice(2), "hex")),
  20: integer,
  21: Number,
  23: Number,
  26: Number,
  700: Number,
  701: Number,
};

/** How pg turns columns into SQL values: numbers as numbers while they are exact, whatever is unknown as its text. */
export const valueParsers = {
  getTypeParser(oid: number): Parse {
    return parsers[oid] ?? String;
  },
};

function integer(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
