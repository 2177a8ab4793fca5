import assert from "node:assert/strict";
import { test } from "node:test";
import { mysqlToolConnection } from "./mysql-tool-connection.ts";

const mariadb = "mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB";

test("host, port and user are parameters, the password is in the environment alone", () => {
  const connection = mysqlToolConnection("mysql://me%40x:p%40ss%2Fword@db.example:3307/runs", mariadb);
  assert.deepEqual(connection.parameters, [
    "--host=db.example",
    "--protocol=TCP",
    "--port=3307",
    "--user=me@x",
  ]);
  assert.deepEqual(connection.environment, { MYSQL_PWD: "p@ss/word" });
});

test("a socket, an IPv6 address and encryption are passed on as each program takes them", () => {
  const ask = (url: string, version = mariadb) => mysqlToolConnection(url, version).parameters;
  assert.deepEqual(ask("mysql://root@localhost/runs?socketPath=/run/my.sock"), [
    "--socket=/run/my.sock",
    "--user=root",
  ]);
  assert.deepEqual(ask("mysql://root@[::1]/runs"), ["--host=::1", "--protocol=TCP", "--user=root"]);
  assert.ok(ask("mysql://root@h/runs?ssl=true").includes("--ssl"));
  assert.ok(ask("mysql://root@h/runs?ssl=true", "mysqldump  Ver 8.0.36").includes("--ssl-mode=REQUIRED"));
  assert.deepEqual(mysqlToolConnection("mysql://root@h/runs", mariadb).environment, {});
});
