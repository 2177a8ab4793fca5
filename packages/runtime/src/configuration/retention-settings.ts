import type { FinishedStatus } from "@agentflow/core";
import type { RetentionOptions } from "../retention/retention-options.ts";
import type { ConfiguredValue } from "./load-configuration.ts";
import type { SettingKey } from "./settings.ts";

/** The settings that together are the engine option `retention`. */
export const retentionKeys = [
  "retention",
  "keepRunsDays",
  "keepNewestRuns",
  "keepHistoryDays",
  "removedStatuses",
  "removeUnexported",
  "keepCacheDays",
] as const satisfies readonly SettingKey[];

const counts = ["keepRunsDays", "keepNewestRuns", "keepHistoryDays", "keepCacheDays"] as const;

/** The engine option that the settings make. */
export function retentionOf(values: readonly ConfiguredValue[]): RetentionOptions {
  const given = new Map(values.map(({ key, value }) => [key, value]));
  const numbers = counts.flatMap((key) => {
    const value = given.get(key);
    return value === undefined ? [] : [[key, Number(value)]];
  });
  const statuses = given.get("removedStatuses");
  return {
    background: given.get("retention") !== "off",
    ...Object.fromEntries(numbers),
    ...(statuses === undefined ? {} : { removedStatuses: String(statuses).split(",") as FinishedStatus[] }),
    removeUnexported: given.get("removeUnexported") === "yes",
  };
}
