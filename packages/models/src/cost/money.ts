import { ValidationError } from "@agentflow/core";

/**
 * Money without rounding on the way: prices are whole trillionths of a dollar per token, costs whole billionths of a
 * dollar per call. A total is a sum of whole numbers, exact up to nine million dollars.
 */

const picosPerNano = 1_000n;
// A price is given in dollars per million tokens: a millionth of a dollar per token is a million trillionths.
const decimalsMax = 6;

/** Trillionths of a dollar per token, of a decimal number of dollars per million tokens with six decimals at most. */
export function picosPerToken(dollarsPerMillion: number): bigint {
  // A number that is written with more decimals is the nearest one with fewer: 0.1 + 0.2.
  const [whole = "0", fraction = ""] = dollarsPerMillion.toFixed(decimalsMax).split(".");
  if (!Number.isFinite(dollarsPerMillion) || dollarsPerMillion < 0) {
    throw new ValidationError(
      "AF_ARGUMENT_INVALID",
      `A price has to be dollars from 0 per million tokens, not ${dollarsPerMillion}.`,
    );
  }
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(decimalsMax, "0"));
}

/** Billionths of a dollar of so many trillionths, halves upwards. */
export function nanosOfPicos(picos: bigint): number {
  return Number((picos + picosPerNano / 2n) / picosPerNano);
}

/** Billionths of a dollar of an amount in dollars. */
export function nanosOfDollars(dollars: number): number {
  return Math.round(dollars * 1_000_000_000);
}

/** An amount as a decimal number of dollars, exactly: `0.000150000`, shortened to six decimals where the rest is 0. */
export function dollarsText(nanos: number): string {
  const digits = Math.abs(nanos).toString().padStart(10, "0");
  const decimals = digits.slice(-9).replace(/000$/, "");
  return `${nanos < 0 ? "-" : ""}${digits.slice(0, -9)}.${decimals}`;
}
