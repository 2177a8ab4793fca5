import { rmSync } from "node:fs";
import type { TestContext } from "node:test";
import type { Fault } from "./fault.ts";
import type { FaultReport } from "./fault-report.ts";
import { type FaultRequest, runFault } from "./run-fault.ts";

/** Runs a fault whose violations are expected: their folders do not stay. The seed is told. */
export async function runAndClean(
  context: TestContext,
  fault: Fault,
  request: FaultRequest,
): Promise<FaultReport> {
  const folders: string[] = [];
  context.after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const report = await runFault(
    {
      ...fault,
      run: (options, section) => {
        folders.push(options.folder);
        return fault.run(options, section);
      },
    },
    request,
  );
  context.diagnostic(`seed ${report.seed}`);
  return report;
}
