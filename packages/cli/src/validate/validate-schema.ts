/** JSON Schema of what `af validate --json` prints; published as docs/validate.schema.json. */
export const validateSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Result of af validate --json",
  type: "object",
  additionalProperties: false,
  required: ["ok", "place", "checks"],
  properties: {
    ok: { type: "boolean", description: "True if no check met an error." },
    place: { enum: ["dev container", "host"], description: "Where the command ran." },
    checks: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["name", "status", "message"],
        properties: {
          name: { type: "string", description: "What was checked." },
          status: { enum: ["ok", "warning", "error", "skipped"] },
          message: { type: "string", description: "What was found." },
          hint: { type: "string", description: "What to do about it." },
          docs: { type: "string", description: "Path of the page that explains it." },
        },
      },
    },
  },
} as const;
