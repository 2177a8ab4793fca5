import { GraphError } from "../errors/graph-errors.ts";

// No character of a step id's own syntax (`/`, `[`, `]`) or of an interrupt id's (`#`), none that JSON escapes.
const pattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

/** True if `name` can name a node: 1 to 64 letters, digits, `_`, `-` or `.`, starting with a letter, digit or `_`. */
export function isNodeName(name: string): boolean {
  return pattern.test(name);
}

/** Throws GraphError (AF_NODE_NAME) unless `name` can name a node. */
export function checkNodeName(name: string): void {
  if (isNodeName(name)) return;
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}...` : name);
  throw new GraphError("AF_NODE_NAME", `${shown} cannot name a node.`, {
    context: { name: name.slice(0, 80) },
  });
}
