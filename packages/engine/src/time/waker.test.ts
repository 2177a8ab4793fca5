import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@agentflow/contracts";
import type { RunHead, WaitStore } from "@agentflow/core";
import { Waker } from "./waker.ts";

const pageRuns = 256;
const pagesMax = 16;

/** A waker over so many due runs, of which it goes on with the wanted ones. */
function wakerOver(count: number, isWanted: (index: number) => boolean) {
  let due = Array.from({ length: count }, (_, index) => ({ index, runId: `run-${index}` }));
  const woken: number[] = [];
  let pages = 0;
  const waits = {
    async listDue({ limit, skip = 0 }: Parameters<WaitStore["listDue"]>[0]) {
      pages += 1;
      return { heads: due.slice(skip, skip + limit) as unknown as RunHead[], nextAt: undefined };
    },
  } as unknown as WaitStore;
  const waker = new Waker({
    clock: new FakeClock(),
    tenant: "default",
    waits,
    workflows: () => ["any"],
    async wake(heads) {
      const wanted = (heads as unknown as typeof due).filter(({ index }) => isWanted(index));
      for (const { index } of wanted) woken.push(index);
      due = due.filter((run) => !wanted.includes(run));
      return heads.length - wanted.length;
    },
    looked: () => undefined,
    onFailed: assert.ifError,
  });
  return { waker, woken, pages: () => pages };
}

test("one look goes on with all due runs, however many pages they are", async () => {
  const { waker, woken } = wakerOver(3 * pagesMax * pageRuns, () => true);
  await waker.look();
  assert.equal(new Set(woken).size, 3 * pagesMax * pageRuns);
});

test("a look ends after pages in which there is nothing to go on with, and the next one begins behind them", async () => {
  const others = pagesMax * pageRuns;
  const { waker, woken, pages } = wakerOver(others + 10, (index) => index >= others);
  await waker.look();
  assert.deepEqual([woken.length, pages()], [0, pagesMax]);
  await waker.look();
  assert.equal(woken.length, 10);
});
