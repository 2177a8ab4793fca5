// Looks after the migrations of the stores (docs/operations.md). `--prove` applies the newest, goes back and forth, and
// compares the schemas; `--record` keeps the checksums of new ones.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { migrationKinds } from "../tests/migrations/migration-kinds.ts";
import { checksumsOf, migrationProblems } from "../tests/migrations/migration-rules.ts";
import { proveMigrations } from "../tests/migrations/prove-migrations.ts";
import { service } from "../tests/services.ts";
import { formatJson } from "./format-json.ts";

const checksumsFile = new URL("../packages/store/src/migrations/checksums.json", import.meta.url);
const { values } = parseArgs({
  options: {
    prove: { type: "boolean" },
    record: { type: "boolean" },
    back: { type: "string" },
    help: { type: "boolean" },
  },
});

const usage = `npm run migrations -- --prove [--back N]   up, N versions back (all if not given) and up again on every store
npm run migrations -- --record            keep the checksums of new migrations`;

const lists = Object.fromEntries(migrationKinds.map(({ key, migrations }) => [key, migrations]));
const released: Record<string, string> = JSON.parse(readFileSync(checksumsFile, "utf8"));

function record(): number {
  // A checksum that is kept stands for ever: only new ones are added.
  const kept = { ...checksumsOf(lists), ...released };
  writeFileSync(checksumsFile, `${formatJson(kept)}\n`);
  const problems = migrationProblems(lists, kept);
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

async function prove(back: number | undefined): Promise<number> {
  let code = 0;
  for (const kind of migrationKinds) {
    const { skip } = kind.service === undefined ? { skip: false as const } : await service(kind.service);
    if (skip !== false) {
      console.log(`${kind.name}: skipped, ${skip}`);
      continue;
    }
    const { steps, differences } = await proveMigrations(kind, back);
    console.log(`${kind.name}: ${steps.join(" -> ")}: ${differences.length} differences`);
    for (const difference of differences) console.log(`  ${difference}`);
    if (differences.length > 0) code = 1;
  }
  return code;
}

if (values.record) process.exitCode = record();
else if (values.prove)
  process.exitCode = await prove(values.back === undefined ? undefined : Number(values.back));
else {
  console.log(usage);
  process.exitCode = values.help ? 0 : 2;
}
