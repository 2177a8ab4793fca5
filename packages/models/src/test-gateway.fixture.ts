import { FakeClock } from "@agentflow/contracts";
import type { ModelCall } from "@agentflow/core";
import { type PriceTable, priceOf } from "./cost/prices.ts";
import type { GatewayHost, GatewayOptions } from "./gateway-options.ts";
import { ModelGateway } from "./model-gateway.ts";

/** A gateway on a clock of its own, and every call that it made. */
export interface TestGateway {
  readonly gateway: ModelGateway;
  readonly clock: FakeClock;
  readonly calls: ModelCall[];
}

/** Every model of `paid` costs 1 dollar per million tokens of input and 10 of output; other models have no price. */
export const testPrices: PriceTable = (provider) =>
  provider === "paid" ? priceOf({ input: 1, output: 10 }) : undefined;

/** Opens a gateway in which delays are never left to chance. */
export function testGateway(options: GatewayOptions, host: Partial<GatewayHost> = {}): TestGateway {
  const clock = new FakeClock();
  const calls: ModelCall[] = [];
  const gateway = new ModelGateway(
    { onCall: (call) => calls.push(call), ...options },
    { clock, environment: {}, prices: testPrices, random: () => 0, ...host },
  );
  return { gateway, clock, calls };
}

/** A request of one message of the user. */
export function asking(model: string | readonly string[], text = "What is it?") {
  return { model, messages: [{ role: "user", text }] } as const;
}
