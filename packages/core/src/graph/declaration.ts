import type { FunctionBody, NodeModel, RouteModel } from "./model.ts";
import type { NodePolicy } from "./node-policy.ts";
import type { Placement } from "./placement.ts";

/** A node as it was declared. */
export interface NodeDeclaration {
  readonly type: "node";
  readonly kind: NodeModel["kind"];
  readonly isEntry: boolean;
  readonly name: string;
  readonly placement: Placement & Pick<NodeModel, "over" | "concurrency">;
  readonly body: FunctionBody["run"];
  readonly policy: NodePolicy | undefined;
}

/** A plain edge as it was declared. */
export interface EdgeDeclaration {
  readonly type: "edge";
  readonly from: string;
  readonly to: string;
}

/** A router as it was declared. */
export interface RouteDeclaration extends RouteModel {
  readonly type: "route";
}

/** One call of a builder method. The order of declarations is the order of a node's edges (S3). */
export type Declaration = NodeDeclaration | EdgeDeclaration | RouteDeclaration;
