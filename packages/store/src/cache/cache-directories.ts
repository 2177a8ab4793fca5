import { join } from "node:path";
import { type CacheScope, runDirectoryName, tenantDirectoryName } from "@agentflow/core";

/** Where cached results lie: a run's own in its directory, shared ones in a folder per tenant (RUN-20). */
export function cacheDirectories(folders: {
  readonly runsDirectory: string | undefined;
  readonly cacheDirectory: string | undefined;
}): (scope: CacheScope) => string | undefined {
  const { runsDirectory, cacheDirectory } = folders;
  return (scope) => {
    if (scope.kind === "shared") {
      return cacheDirectory === undefined
        ? undefined
        : join(cacheDirectory, tenantDirectoryName(scope.tenant));
    }
    return runsDirectory === undefined
      ? undefined
      : join(runsDirectory, runDirectoryName(scope.runId), ".cache");
  };
}
