import { QueryError } from "@agentflow/core";

/** From a value to pixels, and the values that are marked. */
export interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Marks at round distances (1, 2 or 5 times a power of ten), from at most the least to at least the greatest value. */
function roundTicks(least: number, greatest: number, wanted: number): number[] {
  const raw = (greatest - least) / wanted || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999999) ?? 10) * power;
  const first = Math.floor(least / step + 1e-9);
  const last = Math.ceil(greatest / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** An axis of amounts. It has the 0, because the length of a bar or the slope of a line means nothing without. */
export function linearAxis(values: readonly number[], span: Span, wanted = 4): Axis {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const ticks = roundTicks(low, high === low ? 1 : high, wanted);
  const [least, greatest] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const size = greatest - least || 1;
  return { ticks, at: (value) => span.from + ((value - least) / size) * (span.to - span.from) };
}

/** A logarithmic axis, marked at 1, 2 and 5 times powers of ten. Throws QueryError for values that are not above 0. */
export function logarithmicAxis(values: readonly number[], span: Span): Axis {
  if (values.some((value) => !(value > 0)))
    throw new QueryError("A logarithmic scale takes numbers above 0 only.");
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const [low, high] = [Math.log10(least), Math.log10(greatest)];
  const size = high - low;
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    for (const factor of [1, 2, 5]) {
      const tick = Number((factor * 10 ** power).toPrecision(12));
      if (tick >= least * 0.999 && tick <= greatest * 1.001) ticks.push(tick);
    }
  }
  const at = (value: number): number =>
    size === 0
      ? (span.from + span.to) / 2
      : span.from + ((Math.log10(value) - low) / size) * (span.to - span.from);
  return { ticks, at };
}
