// Records a run that every later version has to replay.
//
//   npm run record-history -- WORKFLOW_FILE [--input JSON]
import { parseArgs } from "node:util";
import { recordHistory } from "../tests/histories/record-history.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { input: { type: "string" } },
});
if (positionals.length === 0) {
  process.stderr.write("usage: npm run record-history -- WORKFLOW_FILE... [--input JSON]\n");
  process.exitCode = 2;
}
for (const file of positionals) {
  const input = values.input === undefined ? undefined : (JSON.parse(values.input) as object);
  process.stdout.write(`recorded ${await recordHistory({ file, input })}\n`);
}
