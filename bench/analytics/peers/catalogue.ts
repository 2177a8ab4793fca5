import { join } from "node:path";
import type { Peer } from "../../../packages/analytics/src/index.ts";
import { childPeer } from "../child-peer.ts";

/** The systems that are installed here alone, with what our answers are held to. */
export function installedPeers(onPeak: (name: string, peakRssMb: number) => void): Peer[] {
  return [
    childPeer(
      join(import.meta.dirname, "polars.ts"),
      {
        name: "polars",
        limits: {
          "revenue-by-region-and-year": 5,
          "category-by-quarter": 5,
          "moving-average": 5,
          ranking: 5,
        },
      },
      onPeak,
    ),
    childPeer(
      join(import.meta.dirname, "chdb.ts"),
      {
        name: "chDB",
        limits: {
          "revenue-by-region-and-year": 2,
          "category-by-quarter": 2,
          "moving-average": 1,
          ranking: 2,
        },
      },
      onPeak,
    ),
  ];
}
