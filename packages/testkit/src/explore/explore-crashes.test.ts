import assert from "node:assert/strict";
import { test } from "node:test";
import { append, sum, value, workflow } from "@agentflow/core";
import { order, packed, shop } from "../run/order.fixture.ts";
import { exploreCrashes } from "./explore-crashes.ts";

test("a workflow that keeps to state and ctx survives a crash at every point, each effect once (ENG-21)", async () => {
  const options = { io: shop, signals: packed, answers: { approve: true } };
  const { points } = await exploreCrashes(order, { items: ["chandelier", "lens"] }, options);
  assert.ok(points > 20, `${points} points`);
  const few = await exploreCrashes(order, { items: ["chandelier", "lens"] }, { ...options, pointsMax: 5 });
  assert.equal(few.points, 5);
});

test("a process of its own memory is found, with the point of the crash, when the workflow is made anew", async () => {
  const make = () => {
    let token = "none";
    return workflow("login", { version: "1", state: { used: value("") } })
      .start("login", async (_state, ctx) => {
        token = await ctx.io("login", null, () => "");
      })
      .node("use", { after: "login" }, () => ({ used: token }))
      .end("use");
  };
  const io = { login: "token 1" };
  await exploreCrashes(make(), {}, { io });
  const found = await exploreCrashes(make, {}, { io }).catch((error: unknown) => error);
  assert.ok(found instanceof assert.AssertionError, String(found));
  assert.match(
    found.message,
    /^A crash after the commit of .*0\.login.* makes a difference\.\nstate\.used is "none" instead of "token 1"/,
  );
});

test("an effect outside ctx.io is found by a check of the fake", async () => {
  let charged = 0;
  const careless = workflow("careless", { version: "1", state: { paid: sum() } })
    .start("pay", async (_state, ctx) => {
      charged++;
      await ctx.io("note", null, () => null);
      return { paid: 1 };
    })
    .end("pay");
  const setUp = () => {
    charged = 0;
    return { check: () => assert.equal(charged, 1, `charged ${charged} times`) };
  };
  await assert.rejects(
    exploreCrashes(careless, {}, { setUp }),
    /A crash .*\n`check` does not hold: charged 2 times/,
  );
});

test("an effect whose input changes when it is repeated is told as one too many", async () => {
  const make = () => {
    let executions = 0;
    return workflow("changing", { version: "1", state: { log: append<string>() } })
      .start("pay", async (_state, ctx) => {
        executions++;
        await ctx.io("charge", { executions: executions - 1 }, () => null, { effect: true });
        await ctx.io("note", null, () => null);
      })
      .end("pay");
  };
  const changing = make();
  const found = await exploreCrashes(changing, {}, { io: { charge: null } }).catch((error: unknown) => error);
  assert.match(
    String(found),
    /Two runs that nothing disturbed differ\.\ncharge\(\{"executions":1\}\) of pay is an effect too many/,
  );
  let executions = 0;
  const setUp = () => {
    executions = 0;
    return {};
  };
  const counting = workflow("counting", { version: "1", state: { log: append<string>() } })
    .start("pay", async (_state, ctx) => {
      await ctx.io("charge", { executions: executions++ }, () => null, { effect: true });
    })
    .end("pay");
  await assert.rejects(
    exploreCrashes(counting, {}, { io: { charge: null }, setUp }),
    /A crash (before|after) io "charge" of 0\.pay makes a difference\.\ncharge\(\{"executions":1\}\) of pay is an effect too many/,
  );
});
