import { connect, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";

/** A server's stand-in that can lose answers. */
export interface LossyProxy {
  readonly port: number;
  loseAnswer(nth: number): void;
}

/** Passes everything on to the server, except that it cuts the connection instead of giving the nth answer from now. */
export async function lossyProxy(context: TestContext, serverPort: number): Promise<LossyProxy> {
  let untilLost = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: "127.0.0.1", port: serverPort });
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", cut).on("close", cut);
    }
    client.pipe(upstream);
    upstream.on("data", (bytes) => {
      untilLost -= 1;
      return untilLost === 0 ? cut() : client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return {
    port,
    loseAnswer(nth) {
      untilLost = nth;
    },
  };
}
