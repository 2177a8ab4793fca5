import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import * as restate from "@restatedev/restate-sdk";
import * as clients from "@restatedev/restate-sdk-clients";
import { openRestate, type RestateServer } from "../servers/restate-server.ts";
import { textOfSize } from "../workloads/text-of-size.ts";
import type { FanOutWorkload, LargeStateWorkload, Workload } from "../workloads/workload.ts";
import { runPool } from "./run-pool.ts";
import { expectResult, type System } from "./system.ts";

/**
 * Restate with a server of its own and that server's default settings. The handlers run in this process, which the
 * server calls over HTTP/2; steps are `ctx.run`, parallel ones are awaited by `RestatePromise.all`.
 */
export const restateServer: System = {
  staysOpen: true,
  async open(directory) {
    const server = await openRestate(directory);
    const endpoint = createServer(
      restate.createEndpointHandler({ services: [bench], logger: () => undefined }),
    );
    endpoint.listen(server.handlersPort, "127.0.0.1");
    await once(endpoint, "listening");
    await deploy(server, (endpoint.address() as AddressInfo).port);
    const client = connect(server.ingressUrl);
    return {
      run: (workload) => runWorkload(client, workload),
      storedBytes: async () => server.storedBytes(),
      async close() {
        await server.stop();
        endpoint.close();
      },
    };
  },
};

type BenchClient = ReturnType<typeof connect>;

function connect(url: string) {
  return clients.connect({ url }).serviceClient(bench);
}

interface LargeState {
  readonly count: number;
  readonly text: string;
}

const bench = restate.service({
  name: "bench",
  handlers: {
    async countTo(ctx: restate.Context, steps: number): Promise<number> {
      let count = 0;
      while (count < steps) {
        const before = count;
        count = await ctx.run("increment", () => before + 1);
      }
      return count;
    },
    async fanOut(ctx: restate.Context, { width, rounds }: FanOutWorkload): Promise<number> {
      let round = 0;
      let total = 0;
      while (round < rounds) {
        const before = round;
        round = await ctx.run("plan", () => before + 1);
        const items = await restate.RestatePromise.all(
          Array.from({ length: width }, (_, item) => ctx.run("work", () => item)),
        );
        total = items.reduce((sum, item) => sum + item, total);
      }
      return total;
    },
    async large(ctx: restate.Context, input: LargeStateWorkload & { text: string }): Promise<LargeState> {
      let state: LargeState = { count: 0, text: input.text };
      while (state.count < input.steps) {
        const count = state.count + 1;
        if (input.rewrite)
          state = await ctx.run("rewrite", () => ({ count, text: textOfSize(input.sizeBytes, count) }));
        else state = { text: state.text, count: await ctx.run("increment", () => count) };
      }
      return state;
    },
  },
});

async function runWorkload(client: BenchClient, workload: Workload): Promise<void> {
  switch (workload.kind) {
    case "loop":
      return expectResult("count", await client.countTo(workload.steps), workload.steps);
    case "fan-out": {
      const { width, rounds } = workload;
      return expectResult("total", await client.fanOut(workload), (rounds * width * (width - 1)) / 2);
    }
    case "short-runs":
      return runPool(workload.runs, workload.concurrency, async () => {
        expectResult("count", await client.countTo(workload.stepsEach), workload.stepsEach);
      });
    case "large-state": {
      const { count, text } = await client.large({ ...workload, text: textOfSize(workload.sizeBytes, 0) });
      expectResult("count", count, workload.steps);
      return expectResult("text", text.length, workload.sizeBytes);
    }
    case "chain":
      throw new Error("Restate is not measured on chains");
  }
}

/** Tells the server where the handlers are, unless it knows. */
async function deploy({ adminUrl, handlersPort }: RestateServer, port: number): Promise<void> {
  if (port === handlersPort && (await fetch(`${adminUrl}/services/${bench.name}`)).ok) return;
  const response = await fetch(`${adminUrl}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ uri: `http://127.0.0.1:${port}` }),
  });
  if (!response.ok) throw new Error(`the Restate server refused the handlers: ${await response.text()}`);
}
