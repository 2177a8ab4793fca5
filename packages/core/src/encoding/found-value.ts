/** What encodeJson met that is not JSON. */
export type Found =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "hole" | "accessor" | "hidden" | "symbolKey" | "listProperty" | "cycle" }
  | { readonly kind: "depth"; readonly depthMax: number };

/** Names what was found, and the mend, in words for an error message. */
export function describeFound(found: Found): { readonly text: string; readonly hint: string } {
  switch (found.kind) {
    case "value":
      return describeValue(found.value);
    case "hole":
      return {
        text: "a hole in a list",
        hint: "Fill every index of the list; use null where there is nothing.",
      };
    case "accessor":
      return { text: "an accessor property", hint: "Return a plain value instead of a getter or setter." };
    case "hidden":
      return { text: "a non-enumerable property", hint: "Return an object literal with plain properties." };
    case "symbolKey":
      return { text: "an object with a symbol as key", hint: "Use strings as keys." };
    case "listProperty":
      return { text: "a list with extra properties", hint: "Copy the items with `[...list]`." };
    case "cycle":
      return {
        text: "a reference to an object that contains it",
        hint: "Store an id instead of the object.",
      };
    case "depth":
      return {
        text: `nested deeper than ${found.depthMax} levels`,
        hint: "Flatten the value: a list of nodes with the ids of their parents, for example.",
      };
  }
}

const codecByType: Readonly<Record<string, string>> = {
  Date: "dateCodec",
  Map: "mapCodec()",
  Set: "setCodec()",
  bigint: "bigintCodec",
  Uint8Array: "bytesCodec",
  Buffer: "bytesCodec",
};

function describeValue(value: unknown): { readonly text: string; readonly hint: string } {
  if (typeof value === "number") {
    return {
      text: String(value),
      hint: "Use null where there is no number; JSON has no NaN and no Infinity.",
    };
  }
  if (value === undefined) {
    return {
      text: "undefined",
      hint: "Use null; undefined is dropped only as the value of an object's property.",
    };
  }
  const type = typeof value === "object" ? instanceName(value) : typeof value;
  const codec = codecByType[type];
  const text = typeof value === "object" ? `an instance of ${type}` : `a ${type}`;
  if (codec === undefined)
    return { text, hint: "Return JSON values only, or declare the field with a codec." };
  return {
    text,
    hint: `Declare the field with \`codec: ${codec}\`, or convert the value before you return it.`,
  };
}

function instanceName(value: unknown): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  const type: unknown = (prototype as { constructor?: unknown }).constructor;
  return typeof type === "function" && type.name !== "" ? type.name : "a class";
}
