import type { OwnerRow, SqlValue } from "@agentflow/core";

/** Columns of an owner, in the order {@link ownerFrom} expects. */
export const ownerColumns = "owner_id, host, pid, process_start, counter";

/** An owner from its columns. */
export function ownerFrom(values: readonly SqlValue[]): OwnerRow {
  return {
    ownerId: values[0] as string,
    host: values[1] as string,
    pid: values[2] as number,
    processStart: values[3] as string,
    counter: values[4] as number,
  };
}
