import { canonicalJson } from "../encoding/canonical-json.ts";
import type { Json } from "../encoding/json.ts";
import type { FieldDescription, NodeDescription, WorkflowDescription } from "./description.ts";

/** How a stored definition differs from the current one (S19). */
export interface DefinitionComparison {
  /** True if runs of the stored definition can go on under the current one as it is. */
  readonly compatible: boolean;
  /** What needs `migrate` or an override, each as a sentence; empty when compatible. */
  readonly differences: readonly string[];
  /** New fields with a default, which old runs simply get. */
  readonly additions: readonly string[];
}

interface Found {
  readonly differences: string[];
  readonly additions: string[];
}

/**
 * Compares the description that a run stored with the current one. A new field with a default is compatible; all else
 * is a difference (S19).
 */
export function compareDefinitions(
  stored: WorkflowDescription,
  current: WorkflowDescription,
): DefinitionComparison {
  const found: Found = { differences: [], additions: [] };
  compareWorkflows({ stored, current, where: "" }, found);
  return { compatible: found.differences.length === 0, ...found };
}

interface Pair<Part> {
  readonly stored: Part;
  readonly current: Part;
  /** Where in the definition, as the beginning of a sentence. */
  readonly where: string;
}

function compareWorkflows({ stored, current, where }: Pair<WorkflowDescription>, found: Found): void {
  for (const part of ["format", "name", "version", "entry", "exits", "conflict"] as const) {
    comparePart({ stored: stored[part], current: current[part], where: `${where}${part}` }, found);
  }
  compareFields({ stored: stored.fields, current: current.fields, where }, found);
  compareNodes({ stored: stored.nodes, current: current.nodes, where }, found);
}

function comparePart({ stored, current, where }: Pair<Json | undefined>, found: Found): void {
  const [before, after] = [show(stored), show(current)];
  if (before !== after) found.differences.push(`${where}: ${before} became ${after}`);
}

function show(part: Json | undefined): string {
  return part === undefined ? "nothing" : canonicalJson(part);
}

function compareFields(
  { stored, current, where }: Pair<Readonly<Record<string, FieldDescription>>>,
  found: Found,
): void {
  for (const name of bothNames(stored, current)) {
    const at = `${where}field "${name}"`;
    const [before, after] = [own(stored, name), own(current, name)];
    if (before !== undefined && after !== undefined)
      comparePart({ stored: { ...before }, current: { ...after }, where: at }, found);
    else if (after === undefined) found.differences.push(`${at} was removed`);
    else if (after.presence === "required") found.differences.push(`${at} is new and has no default`);
    else found.additions.push(`${at} is new, with a default`);
  }
}

function compareNodes(
  { stored, current, where }: Pair<Readonly<Record<string, NodeDescription>>>,
  found: Found,
): void {
  for (const name of bothNames(stored, current)) {
    const at = `${where}node "${name}"`;
    const [before, after] = [own(stored, name), own(current, name)];
    if (before === undefined) found.differences.push(`${at} is new`);
    else if (after === undefined) found.differences.push(`${at} was removed`);
    else compareNode({ stored: before, current: after, where: at }, found);
  }
}

function compareNode({ stored, current, where }: Pair<NodeDescription>, found: Found): void {
  for (const part of ["kind", "join", "edges", "gotos", "flow"] as const) {
    comparePart(
      {
        stored: stored[part] as Json | undefined,
        current: current[part] as Json | undefined,
        where: `${where}, ${part}`,
      },
      found,
    );
  }
  if (stored.nested !== undefined && current.nested !== undefined) {
    compareWorkflows({ stored: stored.nested, current: current.nested, where: `${where}, ` }, found);
  } else {
    comparePart(
      { stored: stored.nested?.name, current: current.nested?.name, where: `${where}, nested` },
      found,
    );
  }
}

function bothNames(stored: object, current: object): string[] {
  return [...new Set([...Object.keys(stored), ...Object.keys(current)])].sort();
}

// Names of fields and nodes may be those of Object's own methods.
function own<Part>(parts: Readonly<Record<string, Part>>, name: string): Part | undefined {
  return Object.hasOwn(parts, name) ? parts[name] : undefined;
}
