// Answers one interrupt of a run that another process started, with its own name.
//
//   node clicking-process.fixture.ts '{"place": {...}, "runId": "...", "id": "0.pay#ask[0]", "by": "ada"}'
//
// It prints "ready", waits for a line on its standard input, and prints "answer stored" or "answer " and the code of the
// error.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { AgentFlowError } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { openPlace } from "../store-place.ts";
import type { ClickSettings } from "./clicking-process.ts";

async function main({ place, runId, id, by }: ClickSettings): Promise<void> {
  const backend = await openPlace(place);
  const engine = await createEngine({ store: backend });
  await engine.inspect(runId);
  const orders = createInterface({ input: process.stdin });
  const told = once(orders, "line");
  console.log("ready");
  await told;
  orders.close();
  try {
    await engine.answer(runId, id, by, { by });
    console.log("answer stored");
  } catch (error) {
    if (!(error instanceof AgentFlowError)) throw error;
    console.log(`answer ${error.code}`);
  }
  await engine.close();
  await backend.runs.close();
}

await main(JSON.parse(process.argv[2] ?? "{}") as ClickSettings);
