import type { JoinModel, NodeModel, WorkflowModel } from "./model.ts";
import { reachedFrom, startableNodes, type Ways, waysOf } from "./ways.ts";

/** What no run can reach: nodes that never start, joins that never fire, and nodes from which no run can end. */
export function checkReach(model: WorkflowModel): string[] {
  const ways = waysOf(model);
  const startable = startableNodes(model);
  return [...checkStart(model, ways, startable), ...checkEnd(model, ways, startable)];
}

// A blocked node blocks what comes after it. Only the first of such a chain is reported: mending it mends the rest.
function checkStart(model: WorkflowModel, ways: Ways, startable: ReadonlySet<string>): string[] {
  const blocked = model.nodes.filter((node) => !startable.has(node.name));
  const explained = new Set<string>();
  const problems: string[] = [];
  const report = (causes: readonly NodeModel[], describe: (node: NodeModel) => string): void => {
    for (const node of causes) {
      if (explained.has(node.name)) continue;
      problems.push(describe(node));
      for (const name of reachedFrom([node.name], ways.targets)) explained.add(name);
    }
  };
  report(
    blocked.filter((node) => sourcesOf(node, ways).length === 0),
    (node) =>
      `Node "${node.name}" is unreachable: nothing leads to it; add it to \`after\`, an edge, a route or a goto.`,
  );
  report(
    blocked.filter((node) => node.join !== undefined),
    (node) => describeJoin(node, ways, startable),
  );
  report(blocked, (node) => {
    const sources = sourcesOf(node, ways).map((name) => `"${name}"`);
    return `Node "${node.name}" is unreachable: only ${sources.join(", ")} leads to it; lead to it from the entry.`;
  });
  return problems;
}

function describeJoin(node: NodeModel, ways: Ways, startable: ReadonlySet<string>): string {
  const missing = (node.join as JoinModel).predecessors.filter((name) => !startable.has(name));
  const later = reachedFrom([node.name], ways.targets);
  const named = missing.map((name) =>
    later.has(name) ? `"${name}" comes only after it` : `"${name}" never runs`,
  );
  return `Join "${node.name}" can never fire: ${named.join(", ")}; leave it out of \`after\`, or use \`anyOf(...)\`.`;
}

function sourcesOf(node: NodeModel, ways: Ways): readonly string[] {
  return ways.sources.get(node.name) ?? [];
}

function checkEnd(model: WorkflowModel, ways: Ways, startable: ReadonlySet<string>): string[] {
  const canEnd = reachedFrom(model.exits, ways.sources);
  const stuck = model.nodes
    .map((node) => node.name)
    .filter((name) => startable.has(name) && !canEnd.has(name));
  const deadEnds = stuck.filter((name) => (ways.targets.get(name) ?? []).length === 0);
  const leadsToDeadEnd = reachedFrom(deadEnds, ways.sources);
  const endless = stuck.filter((name) => !leadsToDeadEnd.has(name)).map((name) => `"${name}"`);
  const problems = deadEnds.map(
    (name) => `Node "${name}" leads nowhere and is no exit: add it to \`.end(...)\`, or give it a way on.`,
  );
  if (endless.length > 0) {
    problems.push(
      `From ${endless.join(", ")} no exit can be reached: give the loop a route or goto out of it.`,
    );
  }
  return problems;
}
