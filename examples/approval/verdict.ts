import type { StandardSchema } from "agentflow";

/** What a reviewer says: publish it, drop it, or ask again with this text. */
export type Verdict = boolean | { readonly edit: string };

/** Checks a verdict; a schema of zod, valibot or arktype does the same. */
export const verdict: StandardSchema<unknown, Verdict> = {
  "~standard": {
    version: 1,
    vendor: "example",
    validate(said) {
      if (typeof said === "boolean") return { value: said };
      const edit = typeof said === "object" && said !== null && "edit" in said ? said.edit : undefined;
      if (typeof edit === "string" && edit.trim() !== "") return { value: { edit: edit.trim() } };
      return { issues: [{ message: 'expected true, false or {"edit": "the new text"}' }] };
    },
  },
};
