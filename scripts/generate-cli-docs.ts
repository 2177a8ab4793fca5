// Writes what is made from the command spec and the table of settings: docs/cli.md, docs/validate.schema.json and
// .env.example. Tests compare the files with what this makes.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cliReference } from "../packages/cli/src/cli-reference.ts";
import { validateSchema } from "../packages/cli/src/validate/validate-schema.ts";
import { environmentExample } from "../packages/runtime/src/configuration/environment-example.ts";
import { formatJson } from "./format-json.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

writeFileSync(`${root}/docs/cli.md`, cliReference());
writeFileSync(`${root}/docs/validate.schema.json`, `${formatJson(validateSchema)}\n`);
writeFileSync(`${root}/.env.example`, environmentExample());
