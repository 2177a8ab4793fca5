/** A package and what it may import beyond the rule of strictly lower floors. */
export interface FloorPackage {
  readonly name: string;
  readonly floor: number;
  /** The only packages it may import, where that is less than every lower floor. */
  readonly only?: readonly string[];
  /** The only packages whose shipped code may import it; everybody's tests may, within the floors. */
  readonly usedBy?: readonly string[];
}

/**
 * The one list of packages and their floors. A package imports strictly lower floors only. Adapters are known to
 * the composition root alone.
 */
export const floors: readonly FloorPackage[] = [
  { name: "core", floor: 0 },
  { name: "contracts", floor: 1, usedBy: ["testkit", "agentflow"] },
  { name: "engine", floor: 2 },
  { name: "store", floor: 2, usedBy: ["runtime", "testkit"] },
  { name: "bus", floor: 2, usedBy: ["runtime", "testkit"] },
  { name: "telemetry", floor: 2, usedBy: ["runtime", "testkit"] },
  { name: "models", floor: 2 },
  { name: "tools", floor: 2 },
  { name: "analytics", floor: 2 },
  { name: "protocol", floor: 2 },
  { name: "agents", floor: 3 },
  { name: "planning", floor: 3 },
  { name: "client", floor: 3 },
  { name: "testkit", floor: 3, usedBy: ["agentflow"] },
  { name: "worker", floor: 4 },
  { name: "api", floor: 4 },
  { name: "runtime", floor: 5 },
  { name: "cli", floor: 6 },
  { name: "dashboard", floor: 6, only: ["client", "protocol"] },
  { name: "agentflow", floor: 7 },
];
