import { Worker } from "node:worker_threads";
import { StoreUnavailableError } from "@agentflow/core";
import type { MaintenanceOperations } from "./maintenance-session.ts";
import { fromPortable, type PortableError } from "./portable-error.ts";
import type { ThreadSettings } from "./thread-messages.ts";

/** A call of one operation, or the request to close. */
export interface MaintenanceRequest {
  readonly id: number;
  readonly name: keyof MaintenanceOperations | "close";
  readonly values: readonly unknown[];
}

/** The answer to the request with the same id. */
export type MaintenanceReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: PortableError };

/** The file the thread starts from: the source in development, the built file of the same name when bundled. */
function threadFile(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./maintenance-thread.${extension}`, import.meta.url);
}

/**
 * Calls operations in the maintenance thread, which does them one after the other and is started by the first call. An
 * idle thread does not keep the process alive. When it ends unasked, calls throw StoreUnavailableError.
 */
export class MaintenanceThread {
  readonly #settings: ThreadSettings;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #worker: Worker | undefined;
  #nextId = 1;
  #ended: Error | undefined;

  constructor(settings: ThreadSettings) {
    this.#settings = settings;
  }

  call<Name extends keyof MaintenanceOperations>(
    name: Name,
    ...values: Parameters<MaintenanceOperations[Name]>
  ): ReturnType<MaintenanceOperations[Name]> {
    return this.#request(name, values) as ReturnType<MaintenanceOperations[Name]>;
  }

  /** Does what was asked before, closes the database and ends the thread. */
  async close(): Promise<void> {
    if (this.#worker !== undefined && this.#ended === undefined) {
      await this.#request("close", []);
      await this.#worker.terminate();
    }
    this.#ended ??= new StoreUnavailableError("The store is closed.");
  }

  async #request(name: MaintenanceRequest["name"], values: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#worker ??= this.#start();
    const id = this.#nextId++;
    const pending = Promise.withResolvers<unknown>();
    this.#pending.set(id, pending);
    if (this.#pending.size === 1) this.#worker.ref();
    this.#worker.postMessage({ id, name, values } satisfies MaintenanceRequest);
    return pending.promise;
  }

  #start(): Worker {
    const worker = new Worker(threadFile(), { workerData: this.#settings, name: "agentflow-maintenance" });
    worker.unref();
    worker.on("message", (reply: MaintenanceReply) => this.#settle(reply));
    worker.on("error", (cause) => this.#end("The maintenance thread failed.", cause));
    worker.on("exit", (code) => this.#end(`The maintenance thread ended with code ${code}.`));
    return worker;
  }

  #settle(reply: MaintenanceReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker?.unref();
    if (reply.ok) pending?.resolve(reply.value);
    else pending?.reject(fromPortable(reply.error));
  }

  #end(message: string, cause?: unknown): void {
    this.#ended ??= new StoreUnavailableError(message, { cause });
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}
