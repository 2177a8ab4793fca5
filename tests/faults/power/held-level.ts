import type { PagesProcessSettings } from "../work/pages-process.ts";

/** A level and what it is held to: one that `keeps` loses nothing; of any other something has to be seen lost. */
export interface HeldLevel {
  readonly durability: PagesProcessSettings["durability"];
  readonly keeps: boolean;
}

/** What each level of the SQLite store, and `strict` in between others, promises for a power loss (STO-3). */
export const heldLevels: readonly HeldLevel[] = [
  { durability: "strict", keeps: true },
  { durability: "batched", keeps: true },
  { durability: "mixed", keeps: true },
  { durability: "normal", keeps: false },
];
