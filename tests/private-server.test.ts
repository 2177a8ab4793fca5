import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type PrivateServer, type PrivateServerKind, privateServer, serverNeeded } from "./private-server.ts";
import { rowsIn } from "./store-place.ts";

async function started(context: TestContext, kind: PrivateServerKind): Promise<PrivateServer> {
  const server = await privateServer(kind, { max_connections: "17" });
  context.after(() => server.dispose());
  await server.start();
  return server;
}

for (const kind of ["postgres", "mysql"] as const) {
  test(
    `a private server keeps what it acknowledged, killed or stopped, and its settings (${kind})`,
    serverNeeded(kind),
    async (context) => {
      const server = await started(context, kind);
      const place = { store: kind, url: server.url };
      await rowsIn(place, "CREATE TABLE kept (n INTEGER)");
      await rowsIn(place, "INSERT INTO kept VALUES (1)");
      await server.kill();
      await assert.rejects(rowsIn(place, "SELECT n FROM kept"));
      await server.start();
      await rowsIn(place, "INSERT INTO kept VALUES (2)");
      await server.stop();
      await server.start();
      assert.deepEqual(
        (await rowsIn(place, "SELECT n FROM kept ORDER BY n")).map(({ n }) => n),
        [1, 2],
      );
      const [setting] = await rowsIn(
        place,
        kind === "postgres" ? "SHOW max_connections" : "SELECT @@max_connections AS max_connections",
      );
      assert.equal(String(setting?.["max_connections"]), "17");
    },
  );
}
