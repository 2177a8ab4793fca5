import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("main.ts", import.meta.url));
const lighthouse = fileURLToPath(new URL("fixtures/lighthouse", import.meta.url));
const question = ["--docs", lighthouse, "--question", "What happens when the lamp fails?"];

/** A model server for OpenAI's protocol, streamed, that counts what it is asked. */
async function countingServer() {
  const prompts: string[] = [];
  const server = createServer(async (request, response) => {
    prompts.push(await text(request));
    response.writeHead(200, { "content-type": "text/event-stream" });
    const part = (delta: object, finish: string | null) => {
      const choices = [{ index: 0, delta, finish_reason: finish }];
      response.write(`data: ${JSON.stringify({ id: "1", created: 1, model: "m", choices })}\n\n`);
    };
    part({ content: "The reserve lantern " }, null);
    part({ content: "takes its place." }, null);
    part({}, "stop");
    const usage = { prompt_tokens: 100, completion_tokens: 7, total_tokens: 107 };
    response.write(`data: ${JSON.stringify({ id: "1", created: 1, model: "m", choices: [], usage })}\n\n`);
    response.end("data: [DONE]\n\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${port}/v1`, prompts, [Symbol.asyncDispose]: close };
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "research-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

function start(directory: string, words: readonly string[], extra: Record<string, string>) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:AF_|OPENAI_|ANTHROPIC_)/.test(name));
  const env = { ...Object.fromEntries(inherited), ...extra };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [program, ...words], { cwd: directory, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test("the model of --model answers from the quotes, and the second time nobody is asked", async () => {
  await using folder = await temporaryFolder();
  await using server = await countingServer();
  const environment = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: server.url };
  const words = [...question, "--model", "openai:gpt-5-mini"];
  const run = async () => {
    const ended = await start(folder.path, [...words, "--json"], environment);
    assert.equal(ended.code, 0, ended.stderr);
    return JSON.parse(ended.stdout) as { runId: string; events: Record<string, number> };
  };
  const first = await run();
  const report = await readFile(join(folder.path, "runs", first.runId, "artifacts", "report.md"), "utf8");
  assert.match(
    report,
    /## Answer\n\nThe reserve lantern takes its place\.\n\nWritten by `openai:gpt-5-mini`/,
  );
  assert.equal(server.prompts.length, 1);
  assert.match(server.prompts[0] ?? "", /hang the reserve lantern.*\(lamp\.md:16-17\)/);
  assert.deepEqual([first.events["cache.miss"], first.events["cost.charged"]], [1, 1]);
  const second = await run();
  assert.deepEqual(
    [second.events["cache.hit"], second.events["cache.miss"], second.events["cost.charged"]],
    [1, undefined, undefined],
  );
  assert.equal(server.prompts.length, 1);
});

test("a model whose key is missing is refused before there is a run, with the variable's name", async () => {
  await using folder = await temporaryFolder();
  for (const [model, variable] of [
    ["openai:gpt-5-mini", "OPENAI_API_KEY"],
    ["anthropic:claude-sonnet-4-5", "ANTHROPIC_API_KEY"],
  ]) {
    const ended = await start(folder.path, [...question, "--model", model as string], {});
    assert.equal(ended.code, 3, ended.stderr);
    assert.match(ended.stderr, new RegExp(`^error AF_MODEL_AUTH .*${variable} is not set`));
  }
  assert.deepEqual(await readdir(folder.path), []);
});
