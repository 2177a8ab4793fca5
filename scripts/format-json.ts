import type { Json } from "@agentflow/core";

const lineWidth = 110;

/** JSON as the formatter of this repository writes it: a list of plain values stays on its line while it fits. */
export function formatJson(value: Json, indent = "", column = 0): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    const plain = value.every((item) => typeof item !== "object");
    if (plain && column + line.length < lineWidth) return line;
    const items = value.map((item: Json) => inner + formatJson(item, inner, inner.length));
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(([name, member]) => {
    const key = `${inner}${JSON.stringify(name)}: `;
    return key + formatJson(member, inner, key.length);
  });
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
}
