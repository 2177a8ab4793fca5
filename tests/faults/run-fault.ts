import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatWithOptions } from "node:util";
import { service } from "../services.ts";
import type { StoreName } from "../store-place.ts";
import type { Fault, FaultOptions } from "./fault.ts";
import { FaultReport, type FaultSection } from "./fault-report.ts";

/** What is asked of a fault; what is left out is as the fault's defaults say. */
export interface FaultRequest {
  readonly stores?: readonly StoreName[];
  readonly seed?: string;
  readonly count?: number;
  readonly durationMs?: number;
  readonly gate?: boolean;
  readonly progress?: (line: string) => void;
}

/**
 * Runs a fault on each store in turn. A store whose needs the machine lacks is skipped, which with
 * `AF_REQUIRE_SERVICES=1` is a violation unless the fault is optional.
 */
export async function runFault(fault: Fault, request: FaultRequest = {}): Promise<FaultReport> {
  const { name, counts: meanings, defaults } = fault;
  const { stores = defaults.stores, seed = String(Date.now()) } = request;
  const report = new FaultReport({ name, seed, meanings });
  for (const store of stores) {
    const section = report.section(store);
    const missing = await missingFor(fault, store);
    if (missing === undefined) await runOnStore(fault, section, { ...request, store, seed });
    else skip(fault, section, missing);
  }
  return report;
}

async function missingFor(
  { missing, startsServers = false }: Fault,
  store: StoreName,
): Promise<string | undefined> {
  if (store !== "sqlite" && !startsServers) {
    try {
      const { skip } = await service(store === "mysql" ? "mariadb" : store);
      if (skip !== false) return skip;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return missing?.(store);
}

function skip({ isOptional = false }: Fault, section: FaultSection, missing: string): void {
  section.skip(missing);
  if (process.env["AF_REQUIRE_SERVICES"] === "1" && !isOptional)
    section.violation("nothing is skipped with AF_REQUIRE_SERVICES=1", missing);
}

async function runOnStore(
  fault: Fault,
  section: FaultSection,
  asked: FaultRequest & Pick<FaultOptions, "store" | "seed">,
): Promise<void> {
  const { store, seed } = asked;
  const folder = mkdtempSync(join(tmpdir(), `agentflow-fault-${fault.name}-${store}-`));
  const { count = fault.defaults.count ?? 0, durationMs = fault.defaults.durationMs ?? 0 } = asked;
  const progress = (line: string): void => asked.progress?.(`${fault.name} on ${store}: ${line}`);
  try {
    await fault.run({ store, seed, count, durationMs, gate: asked.gate ?? false, folder, progress }, section);
  } catch (error) {
    section.violation("the fault runs to its end", formatWithOptions({ depth: 6 }, error));
  }
  if (section.isClean) rmSync(folder, { recursive: true, force: true });
  else section.note(`what is left is in ${folder}`);
}
