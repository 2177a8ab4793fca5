import { once } from "node:events";
import { connect } from "node:net";

const addresses = {
  postgres: { host: "127.0.0.1", port: 5432 },
  mariadb: { host: "127.0.0.1", port: 3306 },
  redis: { host: "127.0.0.1", port: 6379 },
  nats: { host: "127.0.0.1", port: 4222 },
} as const;

/** A server that some tests need beside the embedded default. */
export type ServiceName = keyof typeof addresses;

const connectTimeoutMs = 2_000;

async function answers(address: { host: string; port: number }): Promise<string | undefined> {
  const socket = connect({ ...address, timeout: connectTimeoutMs });
  socket.on("timeout", () => socket.destroy(new Error("timed out")));
  try {
    await once(socket, "connect");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  } finally {
    socket.destroy();
  }
}

/**
 * Gives the options of a test that needs a server: `test("...", await service("postgres"), ...)`. Where the server
 * does not answer, the test is skipped by name; with `AF_REQUIRE_SERVICES=1` this throws instead, so that the file
 * fails.
 */
export async function service(
  name: ServiceName,
  address: { host: string; port: number } = addresses[name],
): Promise<{ skip: string | false }> {
  const trouble = await answers(address);
  if (trouble === undefined) return { skip: false };
  const reason = `${name} does not answer at ${address.host}:${address.port} (${trouble})`;
  if (process.env["AF_REQUIRE_SERVICES"] === "1") throw new Error(`${reason}, and AF_REQUIRE_SERVICES=1`);
  return { skip: reason };
}
