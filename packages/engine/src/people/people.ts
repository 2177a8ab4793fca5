import { encodeJson, type Json, type RunHead, type StoreBackend } from "@agentflow/core";
import type { Mailbox, Message } from "../inbox/mailbox.ts";
import { checkEventKey } from "../step/check-call.ts";
import { answerInterrupts } from "./answer-interrupts.ts";
import type { AnswerSchemas } from "./answer-schemas.ts";
import { checkSender } from "./check-sender.ts";
import { type Approval, type ApprovalQuery, listApprovals } from "./list-approvals.ts";

/** Who sends something to a run. */
export interface Sender {
  readonly by?: string;
}

/** Answers by interrupt id. */
export type Answers = Readonly<Record<string, Json>>;

/** What {@link People} work with. */
export interface PeopleParts {
  readonly tenant: string;
  readonly backend: StoreBackend;
  readonly schemas: AnswerSchemas;
  readonly mailbox: Mailbox;
  /** Rejects with RunNotFoundError. */
  readonly readHead: (runId: string) => Promise<RunHead>;
}

/** What the outside says to runs, and what they ask of it (S13, S21). */
export class People {
  readonly #parts: PeopleParts;

  constructor(parts: PeopleParts) {
    this.#parts = parts;
  }

  approvals(query: ApprovalQuery): Promise<readonly Approval[]> {
    const { tenant, backend } = this.#parts;
    return listApprovals(tenant, query, backend);
  }

  async answer(runId: string, answers: Answers, { by }: Sender): Promise<void> {
    const { backend, schemas, readHead } = this.#parts;
    const put = (head: RunHead, message: Message) => this.#put(head, message);
    await answerInterrupts(await readHead(runId), answers, by, { backend, schemas, put });
  }

  async signal(runId: string, key: string, value: Json, { by }: Sender): Promise<void> {
    checkEventKey(key);
    const head = await this.#parts.readHead(runId);
    await this.#put(head, { kind: "event", key, value: encodeJson(value, `event ${key}`).json, by });
  }

  async request(runId: string, kind: "cancel" | "pause", { by }: Sender): Promise<void> {
    const head = await this.#parts.readHead(runId);
    await this.#put(head, { kind, key: "", value: "null", by });
  }

  #put(head: RunHead, message: Message): ReturnType<Mailbox["put"]> {
    checkSender(message.by);
    return this.#parts.mailbox.put(head, message);
  }
}
