import { deepFreeze } from "../encoding/deep-freeze.ts";
import type { Json } from "../encoding/json.ts";
import type { StateSpec } from "../state/field.ts";
import type { ConflictPolicy } from "./conflict-policy.ts";
import type {
  EdgeDescription,
  FieldDescription,
  NodeDescription,
  WorkflowDescription,
} from "./description.ts";
import type { EdgeModel, NodeModel, RouteModel, Workflow } from "./model.ts";

/** The JSON description of a workflow, frozen (ENG-4). `workflow.description` is the same, made once. */
export function describe(workflow: Pick<Workflow, "model">): WorkflowDescription {
  const { model } = workflow;
  const edges = Map.groupBy(model.edges, (edge) => edge.from);
  const routes = Map.groupBy(model.routes, (route) => route.from);
  const describeOne = (node: NodeModel): NodeDescription =>
    describeNode(node, describeEdges(edges.get(node.name) ?? [], routes.get(node.name) ?? []));
  const description: WorkflowDescription = {
    format: 1,
    name: model.name,
    version: model.version,
    fields: describeFields(model.fields),
    nodes: Object.fromEntries(model.nodes.map((node) => [node.name, describeOne(node)])),
    entry: model.entry,
    exits: model.exits.toSorted(),
    conflict: conflictId(model.conflict),
  };
  deepFreeze(description as unknown as Json);
  return description;
}

function describeFields(fields: StateSpec): Record<string, FieldDescription> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      {
        kind: field.kind,
        presence: field.presence,
        reducer: field.reducerId,
        ...(field.codecId === undefined ? {} : { codec: field.codecId }),
        ...(field.initial === undefined ? {} : { initial: field.initial }),
      },
    ]),
  );
}

function describeNode(node: NodeModel, edges: readonly EdgeDescription[]): NodeDescription {
  return {
    kind: node.kind,
    ...(node.join === undefined ? {} : { join: node.join }),
    edges,
    gotos: node.gotos,
    ...(node.body.type === "flow" ? { flow: true as const } : {}),
    ...(node.body.type === "nested" ? { nested: node.body.child.description } : {}),
  };
}

// The edges of a route stand where the route was declared, one after the other in the order of its targets.
function describeEdges(edges: readonly EdgeModel[], routes: readonly RouteModel[]): EdgeDescription[] {
  const routeOfTarget = routes.flatMap((route, index) => route.to.map(() => index));
  let routed = 0;
  return edges.map(({ to, kind }) =>
    kind === "route" ? { to, kind, route: routeOfTarget[routed++] as number } : { to, kind },
  );
}

function conflictId(conflict: ConflictPolicy): string {
  return typeof conflict === "string" ? conflict : conflict.id;
}
