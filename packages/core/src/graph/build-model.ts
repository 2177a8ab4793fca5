import type { Declaration, NodeDeclaration } from "./declaration.ts";
import type { EdgeModel, JoinModel, NodeModel, RouteModel, WorkflowModel } from "./model.ts";
import { nestedBodyOf } from "./nested.ts";
import type { Placement } from "./placement.ts";
import type { NamedOptions } from "./workflow-options.ts";

/**
 * Turns declarations, in the order they were made, into the model. It judges nothing: an unknown name or a second
 * entry stays in the model for `checkGraph` to report.
 */
export function buildModel(
  options: NamedOptions,
  declarations: readonly Declaration[],
  exits: readonly string[],
): WorkflowModel {
  const nodes = declarations.filter((declaration) => declaration.type === "node");
  const routes = declarations.filter((declaration) => declaration.type === "route");
  return Object.freeze({
    name: options.name,
    version: options.version,
    fields: Object.freeze({ ...options.state }),
    nodes: Object.freeze(nodes.map(buildNode)),
    entry: nodes.find((node) => node.isEntry)?.name ?? "",
    exits: Object.freeze([...new Set(exits)]),
    edges: Object.freeze(numberEdges(declarations)),
    routes: Object.freeze(
      routes.map(({ from, to, choose }): RouteModel => freezeRoute({ from, to, choose })),
    ),
    conflict: options.conflict ?? "fail",
    limits: Object.freeze({ ...options.limits }),
    siblings: options.siblings ?? "finish",
    ...(options.input === undefined ? {} : { inputSchema: options.input }),
    ...(options.output === undefined ? {} : { outputSchema: options.output }),
    ...(options.migrate === undefined ? {} : { migrate: options.migrate }),
    ...(options.compensation === undefined
      ? {}
      : { compensation: Object.freeze({ ...options.compensation }) }),
  });
}

function buildNode(declared: NodeDeclaration): NodeModel {
  const { name, kind, placement, body, policy } = declared;
  const join = joinOf(placement);
  return Object.freeze({
    name,
    kind,
    body: nestedBodyOf(body) ?? Object.freeze({ type: "function", run: body } as const),
    after: Object.freeze(plainPredecessors(placement)),
    ...(join === undefined ? {} : { join }),
    gotos: Object.freeze([...(placement.goto ?? [])]),
    ...(placement.over === undefined ? {} : { over: placement.over }),
    ...(placement.concurrency === undefined ? {} : { concurrency: placement.concurrency }),
    policy: Object.freeze({ ...policy }),
  });
}

function freezeRoute(route: RouteModel): RouteModel {
  return Object.freeze({ ...route, to: Object.freeze([...route.to]) });
}

/** Names of the nodes that lead to this one by a plain edge, as its placement says. */
function plainPredecessors({ after }: Placement): string[] {
  if (after === undefined) return [];
  if (typeof after === "string") return [after];
  return "anyOf" in after ? [...after.anyOf] : [];
}

function joinOf({ after, join }: Placement): JoinModel | undefined {
  if (after === undefined || typeof after === "string" || "anyOf" in after) return undefined;
  return Object.freeze({ predecessors: Object.freeze(after.toSorted()), when: join?.when ?? "all" });
}

function numberEdges(declarations: readonly Declaration[]): EdgeModel[] {
  const counts = new Map<string, number>();
  return declarations.flatMap(edgesOf).map(({ from, to, kind }) => {
    const ordinal = counts.get(from) ?? 0;
    counts.set(from, ordinal + 1);
    return Object.freeze({ from, to, ordinal, kind });
  });
}

function edgesOf(declaration: Declaration): Omit<EdgeModel, "ordinal">[] {
  switch (declaration.type) {
    case "edge":
      return [{ from: declaration.from, to: declaration.to, kind: "plain" }];
    case "route":
      return declaration.to.map((to) => ({ from: declaration.from, to, kind: "route" }));
    case "node": {
      const { name: to, placement } = declaration;
      const plain = plainPredecessors(placement).map((from) => ({ from, to, kind: "plain" as const }));
      const joined = (joinOf(placement)?.predecessors ?? []).map((from) => ({
        from,
        to,
        kind: "join" as const,
      }));
      return [...plain, ...joined];
    }
  }
}
