import type { MigrationKind } from "./migration-database.ts";
import { mysqlMigrationKind } from "./mysql-migrations.ts";
import { postgresMigrationKind } from "./postgres-migrations.ts";
import { sqliteMigrationKind } from "./sqlite-migrations.ts";

/** Every kind of database that has migrations. */
export const migrationKinds: readonly MigrationKind[] = [
  sqliteMigrationKind,
  postgresMigrationKind,
  mysqlMigrationKind,
];
