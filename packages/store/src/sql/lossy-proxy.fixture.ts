import { connect, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";

/** A server's stand-in that can lose what goes through it. */
export interface LossyProxy {
  readonly port: number;
  loseAnswer(nth: number): void;
  loseRequest(nth: number): void;
  /** The connections that there are stay open, and nothing comes back over them any more. */
  fallSilent(): void;
}

/**
 * Passes everything on to the server, except that it cuts the connection instead of passing on the nth answer, or the
 * nth request, from now.
 */
export async function lossyProxy(context: TestContext, serverPort: number): Promise<LossyProxy> {
  let answersUntilLost = 0;
  let requestsUntilLost = 0;
  let silences = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: "127.0.0.1", port: serverPort });
    const begunAt = silences;
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", cut).on("close", cut);
    }
    client.on("data", (bytes) => {
      requestsUntilLost -= 1;
      return requestsUntilLost === 0 ? cut() : upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (begunAt < silences) return;
      answersUntilLost -= 1;
      return answersUntilLost === 0 ? cut() : client.write(bytes);
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
      answersUntilLost = nth;
    },
    loseRequest(nth) {
      requestsUntilLost = nth;
    },
    fallSilent() {
      silences += 1;
    },
  };
}
