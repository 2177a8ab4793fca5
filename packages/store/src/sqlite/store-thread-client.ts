import { Worker } from "node:worker_threads";
import { StoreUnavailableError } from "@agentflow/core";
import { fromPortable } from "./portable-error.ts";
import type { ThreadReply, ThreadRequest, ThreadSettings } from "./thread-messages.ts";
import type { WriteOperations } from "./write-session.ts";

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
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
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: Error | undefined;

  constructor(settings: ThreadSettings, file: URL) {
    this.#worker = new Worker(file, { workerData: settings, name: "agentflow-store" });
    this.#worker.unref();
    this.#worker.on("message", (reply: ThreadReply) => this.#settle(reply));
    this.#worker.on("error", (cause) => this.#end("The store thread failed.", cause));
    this.#worker.on("exit", (code) => this.#end(`The store thread ended with code ${code}.`));
  }

  call<Name extends keyof WriteOperations>(
    name: Name,
    ...values: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>> {
    return this.#request(name, values) as Promise<ReturnType<WriteOperations[Name]>>;
  }

  /** Does what was asked before, closes the database and ends the thread. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    await this.#request("close", []);
    this.#ended = new StoreUnavailableError("The store is closed.");
    await this.#worker.terminate();
  }

  #request(name: ThreadRequest["name"], values: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      if (this.#pending.size === 1) this.#worker.ref();
      this.#worker.postMessage({ id, name, values } satisfies ThreadRequest);
    });
  }

  #settle(reply: ThreadReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (reply.ok) pending?.resolve(reply.value);
    else pending?.reject(fromPortable(reply.error));
  }

  #end(message: string, cause?: unknown): void {
    if (this.#ended !== undefined) return;
    const error = new StoreUnavailableError(message, { cause });
    this.#ended = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
