import pg from "pg";

/** Bytes of all tables, indexes and large values in a schema, after what is dead was vacuumed away. */
export async function postgresSizeBytes(place: {
  readonly url: string;
  readonly name: string;
}): Promise<number> {
  const client = new pg.Client({ connectionString: place.url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = $1",
      [place.name],
    );
    if (tables.rows.length === 0) return 0;
    await client.query(`VACUUM FULL ${tables.rows.map(({ name }) => name).join(", ")}`);
    const { rows } = await client.query<{ bytes: string }>(
      `SELECT sum(pg_total_relation_size(c.oid)) AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname = $1`,
      [place.name],
    );
    return Number(rows[0]?.bytes);
  } finally {
    await client.end();
  }
}
