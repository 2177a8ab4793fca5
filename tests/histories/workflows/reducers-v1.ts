import {
  append,
  bigintCodec,
  bytesCodec,
  custom,
  dateCodec,
  mapCodec,
  max,
  merge,
  min,
  setCodec,
  sum,
  union,
  value,
  workflow,
} from "agentflow";

const longest = custom<string>({
  id: "longest@1",
  initial: "",
  reduce: (current, delta) => (delta.length > current.length ? delta : current),
});

/** Each kind of field, and each codec, in sequence and from two steps at once. */
export const recorded = workflow("reducers", {
  version: "1",
  state: {
    order: value<string>(),
    due: value<Date>({ codec: dateCodec }),
    seen: append<string>(),
    days: append<Date>({ codec: dateCodec }),
    total: sum(),
    low: min(10),
    high: max(),
    tags: union<string>(),
    facts: merge<number>(),
    word: longest,
    stock: value<Map<string, number>>(new Map([["tea", 1]]), { codec: mapCodec() }),
    colours: value<Set<string>>(new Set(), { codec: setCodec() }),
    balance: value(0n, { codec: bigintCodec }),
    seal: value<Uint8Array>(new Uint8Array(), { codec: bytesCodec }),
  },
})
  .start("open", ({ order, due }) => ({
    seen: [order],
    days: [due, new Date(due.getTime() + 86_400_000)],
    total: 2,
    tags: ["open", "new"],
    facts: { opened: 1 },
  }))
  .node("left", { after: "open" }, ({ stock }) => ({
    seen: ["left"],
    total: 3,
    low: 4,
    high: 7,
    tags: ["left", "new"],
    facts: { left: 1 },
    word: "left",
    stock: new Map([...stock, ["cake", 2]]),
    balance: 9_007_199_254_740_993n,
  }))
  .node("right", { after: "open" }, ({ colours }) => ({
    seen: ["right"],
    total: -0.5,
    low: 6,
    high: 5,
    tags: ["right"],
    facts: { right: 2 },
    word: "right",
    colours: new Set([...colours, "red", "blue"]),
    seal: new Uint8Array([0, 1, 254, 255]),
  }))
  .node("shut", { after: ["left", "right"] }, ({ stock, colours, balance, seal, days }) => ({
    seen: [`${stock.size} ${colours.size} ${balance} ${seal.length} ${days[1]?.toISOString()}`],
    facts: { opened: 3 },
  }))
  .end("shut");

export const input = { order: "tea", due: new Date("2026-01-02T03:04:05.678Z") };
