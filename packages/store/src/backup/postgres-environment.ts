import type { Client } from "pg";

// Parameters of a URL that pg leaves to libpq's own programs.
const passedOn = {
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  options: "PGOPTIONS",
} as const;

/**
 * The connection of a client as libpq's programs take it from their environment, where nobody else of the machine sees
 * the password.
 */
export function postgresEnvironment(client: Client, url: string): Record<string, string | undefined> {
  const given = URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams();
  const passed = Object.entries(passedOn).flatMap(([name, variable]) => {
    const value = given.get(name);
    return value === null ? [] : [[variable, value] as const];
  });
  const { user, database, password } = client;
  return {
    PGHOST: client.host,
    PGPORT: String(client.port),
    ...(user === undefined ? {} : { PGUSER: user }),
    ...(database === undefined ? {} : { PGDATABASE: database }),
    // Without one libpq looks where pg has looked, such as ~/.pgpass.
    ...(typeof password === "string" && password !== "" ? { PGPASSWORD: password } : {}),
    ...(client.ssl && given.get("sslmode") === null ? { PGSSLMODE: "require" } : {}),
    PGAPPNAME: "agentflow",
    ...Object.fromEntries(passed),
  };
}
