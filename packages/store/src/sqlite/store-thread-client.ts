import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { type Awaitable, type CommitResult, type RunCommit, StoreUnavailableError } from "@agentflow/core";
import { toPortableCommits } from "./portable-commits.ts";
import { fromPortable } from "./portable-error.ts";
import {
  fromPortableResults,
  type PortableResults,
  repliesPosted,
  requestsPosted,
  type ThreadReply,
  type ThreadRequest,
  type ThreadSettings,
  type ThreadStart,
} from "./thread-messages.ts";
import type { WriteOperations } from "./write-session.ts";

/** Operations that are called by name; commits have their own way. */
type Called = Exclude<keyof WriteOperations, "commit">;

interface Pending {
  readonly settle: (reply: ThreadReply) => void;
  readonly fail: (error: Error) => void;
}

/** The file the thread starts from: the source in development, the built file of the same name when bundled. */
export function threadFile(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./store-thread.${extension}`, import.meta.url);
}

/**
 * Calls operations in the store thread, which does them one after the other. An idle thread does not keep the
 * process alive. When it ends unasked, every call, waiting or later, throws StoreUnavailableError.
 */
export class StoreThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #posted = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: Error | undefined;
  #commitMs = Number.POSITIVE_INFINITY;

  constructor(settings: ThreadSettings, file: URL) {
    const { port1, port2 } = new MessageChannel();
    const workerData: ThreadStart = { settings, port: port2, posted: this.#posted };
    this.#worker = new Worker(file, { workerData, transferList: [port2], name: "agentflow-store" });
    this.#worker.unref();
    this.#worker.on("error", (cause) => this.#end("The store thread failed.", cause));
    this.#worker.on("exit", (code) => this.#end(`The store thread ended with code ${code}.`));
    this.#port = port1;
    port1.on("message", (reply: ThreadReply) => this.#take(reply));
    port1.unref();
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** How long the last commit took in the thread, in milliseconds. */
  get commitMs(): number {
    return this.#commitMs;
  }

  call<Name extends Called>(
    name: Name,
    ...values: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>> {
    return this.#request(name, values) as Promise<ReturnType<WriteOperations[Name]>>;
  }

  /**
   * Commits a group. Waits for the results at most `waitMs` on the calling thread, which spares it the way through its
   * event loop; after that they come as a promise.
   */
  commit(members: readonly RunCommit[], waitMs = 0): Awaitable<readonly CommitResult[]> {
    const resultsOf = (reply: ThreadReply): readonly CommitResult[] => {
      this.#commitMs = reply.tookMs;
      return fromPortableResults(answerOf(reply) as PortableResults, members.length);
    };
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#post("commit", [toPortableCommits(members)]);
    const reply = waitMs > 0 ? this.#await(id, waitMs) : undefined;
    return reply === undefined ? this.#promise(id, resultsOf) : resultsOf(reply);
  }

  /** Does what was asked before, closes the database and ends the thread. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    try {
      await this.#request("close", []);
    } finally {
      this.#ended = new StoreUnavailableError("The store is closed.");
      this.#port.close();
      await this.#worker.terminate();
    }
  }

  async #request(name: ThreadRequest["name"], values: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) throw this.#ended;
    return this.#promise(this.#post(name, values), answerOf);
  }

  #post(name: ThreadRequest["name"], values: readonly unknown[]): number {
    const id = this.#nextId++;
    this.#port.postMessage({ id, name, values } satisfies ThreadRequest);
    Atomics.add(this.#posted, requestsPosted, 1);
    Atomics.notify(this.#posted, requestsPosted);
    return id;
  }

  #promise<Value>(id: number, read: (reply: ThreadReply) => Value): Promise<Value> {
    return new Promise((resolve, reject) => {
      const settle = (reply: ThreadReply): void => {
        try {
          resolve(read(reply));
        } catch (error) {
          reject(error);
        }
      };
      this.#pending.set(id, { settle, fail: reject });
      if (this.#pending.size === 1) this.#port.ref();
    });
  }

  /** The reply to a request, if it comes within `waitMs`; replies to earlier requests are taken on the way. */
  #await(id: number, waitMs: number): ThreadReply | undefined {
    const deadline = performance.now() + waitMs;
    for (;;) {
      const seen = Atomics.load(this.#posted, repliesPosted);
      const reply = receiveMessageOnPort(this.#port)?.message as ThreadReply | undefined;
      if (reply?.id === id) return reply;
      if (reply !== undefined) this.#take(reply);
      else {
        const leftMs = deadline - performance.now();
        if (leftMs <= 0) return undefined;
        Atomics.wait(this.#posted, repliesPosted, seen, leftMs);
      }
    }
  }

  #take(reply: ThreadReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#port.unref();
    pending?.settle(reply);
  }

  #end(message: string, cause?: unknown): void {
    if (this.#ended !== undefined) return;
    const error = new StoreUnavailableError(message, { cause });
    this.#ended = error;
    this.#port.close();
    for (const { fail } of this.#pending.values()) fail(error);
    this.#pending.clear();
  }
}

function answerOf(reply: ThreadReply): unknown {
  if (reply.ok) return reply.value;
  throw fromPortable(reply.error);
}
