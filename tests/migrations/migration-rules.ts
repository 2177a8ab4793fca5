import { type Migration, migrationChecksum } from "../../packages/store/src/migrations/migration.ts";

/** Migrations by kind of store: `sqlite`, `postgres`, `mysql`. */
export type MigrationLists = Readonly<Record<string, readonly Migration[]>>;

function migrationFileName(kind: string, { version, name }: Migration): string {
  return `${kind}-${String(version).padStart(4, "0")}-${name}`;
}

/**
 * What is wrong with the migrations of all stores, one sentence each (STO-2): names, versions, statements, ways back,
 * and checksums that are not those that were released.
 */
export function migrationProblems(
  lists: MigrationLists,
  released: Readonly<Record<string, string>>,
): string[] {
  return [
    ...Object.entries(lists).flatMap(([kind, migrations]) => problemsOf(kind, migrations)),
    ...parityProblems(lists),
    ...checksumProblems(lists, released),
  ];
}

function problemsOf(kind: string, migrations: readonly Migration[]): string[] {
  return migrations.flatMap((migration, index) => {
    const { version, name, up, down, loses } = migration;
    const file = migrationFileName(kind, migration);
    const back = "irreversible" in down ? [] : down;
    const problems: string[] = [];
    if (version !== index + 1) problems.push(`${file} has version ${version} at place ${index + 1}.`);
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
      problems.push(`${file} has a name that is not kebab case.`);
    if ("irreversible" in down && down.irreversible.trim() === "")
      problems.push(`${file} does not say why it has no way back.`);
    if (!("irreversible" in down) && up.length > 0 !== down.length > 0)
      problems.push(`${file} has a way up and no way back: write \`down\`, or say why it is irreversible.`);
    // What is dropped on the way up is gone after the way back too; what is dropped on the way back was made above.
    if (loses === undefined && up.some((statement) => dropsRows(statement) && !isComputed(statement, back)))
      problems.push(`${file} drops rows and does not say in \`loses\` what is lost.`);
    for (const statement of [...up, ...back]) {
      const problem = statementProblem(kind, statement);
      if (problem !== undefined) problems.push(`${file} ${problem}: ${statement.slice(0, 60)}`);
    }
    return problems;
  });
}

function dropsRows(statement: string): boolean {
  return /^\s*(DROP TABLE|DELETE|TRUNCATE)|DROP COLUMN/i.test(statement);
}

/** Whether the column that a statement drops is computed from others, as its way back tells. */
function isComputed(statement: string, back: readonly string[]): boolean {
  const [, column] = /DROP COLUMN (\w+)$/i.exec(statement) ?? [];
  return column !== undefined && back.some((each) => each.includes(`ADD COLUMN ${column} BIGINT GENERATED`));
}

// One change each, which can be told from one that was made before, and which a server repeats without harm.
const repeatable =
  /^(CREATE TABLE (IF NOT EXISTS )?af_|DROP TABLE (IF EXISTS )?af_|CREATE (UNIQUE )?INDEX af_|DROP INDEX af_|ALTER TABLE af_\w+ (ADD|DROP) (COLUMN|KEY|INDEX|UNIQUE KEY) |(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO) af_)/i;

const prefixed =
  /^(CREATE (UNIQUE )?(TABLE|INDEX)( IF NOT EXISTS)? af_|DROP (TABLE|INDEX)( IF EXISTS)? af_|ALTER (TABLE|INDEX) af_|(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO) af_)/i;

function statementProblem(kind: string, statement: string): string | undefined {
  const text = statement.trim();
  if (text.includes(";")) return "has several statements in one, or a semicolon";
  if (/^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT)\b/i.test(text))
    return "has a transaction of its own";
  if (/\bCONCURRENTLY\b/i.test(text)) return "has a statement that cannot run in a transaction";
  if (!prefixed.test(text)) return "touches what does not begin with af_";
  if (kind === "mysql" && !repeatable.test(text)) return "has a statement whose repetition nobody can tell";
  return undefined;
}

function parityProblems(lists: MigrationLists): string[] {
  const names = Object.entries(lists).map(
    ([kind, migrations]) =>
      [kind, migrations.map(({ version, name }) => `${version} ${name}`).join(", ")] as const,
  );
  const [first] = names;
  return names
    .filter(([, list]) => list !== first?.[1])
    .map(
      ([kind, list]) =>
        `${kind} has the migrations "${list}", ${first?.[0]} "${first?.[1]}": every store has each version.`,
    );
}

function checksumProblems(lists: MigrationLists, released: Readonly<Record<string, string>>): string[] {
  const found = checksumsOf(lists);
  const changed = Object.entries(found).flatMap(([file, checksum]) => {
    const kept = released[file];
    if (kept === checksum) return [];
    return kept === undefined
      ? [`${file} is not in checksums.json (checksum ${checksum}): run \`npm run migrations -- --record\`.`]
      : [`${file} was edited after its release (checksum ${checksum}): write a new migration.`];
  });
  const removed = Object.keys(released).filter((file) => found[file] === undefined);
  return [...changed, ...removed.map((file) => `${file} was removed after its release (checksum).`)];
}

/** The checksum of each migration by the name of its file. */
export function checksumsOf(lists: MigrationLists): Record<string, string> {
  return Object.fromEntries(
    Object.entries(lists).flatMap(([kind, migrations]) =>
      migrations.map((migration) => [migrationFileName(kind, migration), migrationChecksum(migration)]),
    ),
  );
}
