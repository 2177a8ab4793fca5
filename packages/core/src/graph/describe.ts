import type { StateSpec } from "../state/field.ts";
import type { ConflictPolicy, MergeHook } from "./conflict-policy.ts";
import type {
  EdgeDescription,
  FieldDescription,
  NodeDescription,
  WorkflowDescription,
} from "./description.ts";
import type { NodeModel, Workflow, WorkflowModel } from "./model.ts";

/** The JSON description of a workflow (ENG-4). `workflow.description` is the same, made once. */
export function describe(workflow: Pick<Workflow, "model">): WorkflowDescription {
  const { model } = workflow;
  return {
    format: 1,
    name: model.name,
    version: model.version,
    fields: describeFields(model.fields),
    nodes: Object.fromEntries(model.nodes.map((node) => [node.name, describeNode(node, model)])),
    entry: model.entry,
    exits: model.exits.toSorted(),
    conflict: conflictId(model.conflict),
  };
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

function describeNode(node: NodeModel, model: WorkflowModel): NodeDescription {
  return {
    kind: node.kind,
    ...(node.join === undefined ? {} : { join: node.join }),
    edges: describeEdges(node, model),
    gotos: node.gotos,
    ...(node.body.type === "nested" ? { nested: node.body.child.description } : {}),
  };
}

// The edges of a route stand where the route was declared, one after the other in the order of its targets.
function describeEdges(node: NodeModel, model: WorkflowModel): EdgeDescription[] {
  const routeOfTarget = model.routes
    .filter((route) => route.from === node.name)
    .flatMap((route, index) => route.to.map(() => index));
  let routed = 0;
  return model.edges
    .filter((edge) => edge.from === node.name)
    .map(({ to, kind }) =>
      kind === "route" ? { to, kind, route: routeOfTarget[routed++] as number } : { to, kind },
    );
}

function conflictId(conflict: ConflictPolicy): string {
  return typeof conflict === "string" ? conflict : (conflict satisfies MergeHook).id;
}
