/** The PostgreSQL database in which benchmarks make their schemas. */
export const postgresUrl = process.env["BENCH_POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/test";

/** The MySQL or MariaDB server on which benchmarks make their databases. */
export const mysqlUrl = process.env["BENCH_MYSQL_URL"] ?? "mysql://root@127.0.0.1:3306";
