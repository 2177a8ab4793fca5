import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Check } from "./check.ts";
import { fitsRange } from "./version-range.ts";

const nodeRange = ">=24";

/** Where the command runs; containers differ from hosts in who pins the tools. */
export type Place = "dev container" | "host";

/** The machine as the checks see it. */
export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion: string;
  exists(path: string): boolean;
  readText(path: string): string;
  /** The version that a tool prints, or undefined if it is not installed. */
  toolVersion(tool: string): string | undefined;
}

/** The running machine. */
export function thisMachine(environment: Machine["environment"]): Machine {
  return {
    environment,
    nodeVersion: process.version,
    exists: existsSync,
    readText: (path) => readFileSync(path, "utf8"),
    toolVersion(tool) {
      const result = spawnSync(tool, ["--version"], {
        encoding: "utf8",
        shell: process.platform === "win32",
      });
      return result.status === 0 ? /\d+\.\d+\.\d+/.exec(result.stdout)?.[0] : undefined;
    },
  };
}

/** Tells a development container from a host, by what the common tools leave in it. */
export function placeOf(machine: Machine): Place {
  const { environment } = machine;
  const marked = ["REMOTE_CONTAINERS", "DEVCONTAINER", "CODESPACES"].some((name) => environment[name]);
  return marked || machine.exists("/.dockerenv") || machine.exists("/run/.containerenv")
    ? "dev container"
    : "host";
}

function nearestManifest(machine: Machine, directory: string): string | undefined {
  const path = join(directory, "package.json");
  if (machine.exists(path)) return path;
  const parent = dirname(directory);
  return parent === directory ? undefined : nearestManifest(machine, parent);
}

function checkTool(machine: Machine, [tool, range]: [string, string], manifest: string): Check {
  const name = `version of ${tool}`;
  const version = tool === "node" ? machine.nodeVersion : machine.toolVersion(tool);
  const pinned = `${manifest} pins ${range}`;
  if (version === undefined) {
    return {
      name,
      status: "warning",
      message: `${tool} is missing; ${pinned}.`,
      hint: `Install ${tool} ${range}.`,
    };
  }
  const fit = fitsRange(version, range);
  if (fit === true) return { name, status: "ok", message: `${tool} ${version}; ${pinned}.` };
  const hint =
    fit === undefined
      ? `Write the range of ${tool} as >=, ^, ~ or x.`
      : `Install ${tool} ${range}, or use the dev container.`;
  const message =
    fit === undefined ? `${pinned}, which cannot be compared.` : `${tool} is ${version}; ${pinned}.`;
  return { name, status: "warning", message, hint };
}

/** Compares installed tools with `engines` of the nearest package.json. A dev container pins them itself. */
export function versionChecks(machine: Machine, directory: string): Check[] {
  const skipped = (message: string): Check[] => [{ name: "versions", status: "skipped", message }];
  const manifest = nearestManifest(machine, directory);
  if (manifest === undefined) return skipped("There is no package.json here or above.");
  if (placeOf(machine) === "dev container") return skipped("The dev container pins the versions.");
  let engines: unknown;
  try {
    engines = JSON.parse(machine.readText(manifest)).engines;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      {
        name: "versions",
        status: "warning",
        message: `${manifest} cannot be read: ${reason}.`,
        hint: "Mend it.",
      },
    ];
  }
  if (typeof engines !== "object" || engines === null) return skipped(`${manifest} pins no versions.`);
  const pins = Object.entries(engines).filter((pin): pin is [string, string] => typeof pin[1] === "string");
  return pins.map((pin) => checkTool(machine, pin, manifest));
}

/** Checks that this Node can run AgentFlow, and says where it runs. */
export function environmentChecks(machine: Machine): Check[] {
  const { nodeVersion } = machine;
  const fit = fitsRange(nodeVersion, nodeRange);
  return [
    { name: "place", status: "ok", message: `This is a ${placeOf(machine)}.` },
    fit === true
      ? { name: "node", status: "ok", message: `Node ${nodeVersion}.` }
      : {
          name: "node",
          status: "error",
          message: `Node is ${nodeVersion}; AgentFlow needs ${nodeRange}.`,
          hint: "Install Node 24 or later.",
        },
  ];
}
