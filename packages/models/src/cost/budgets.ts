/**
 * What calls may cost, counted before they are made (MDL-6). Reserving is one synchronous step: of calls that are made
 * at once, none sees the money of another as free.
 *
 * 1. spent + reserved of an account never exceeds its limit when a call begins.
 * 2. A reservation is settled once, with what the call cost; what it took too much is free again.
 */
import { ModelError } from "@agentflow/core";
import { dollarsText, nanosOfDollars } from "./money.ts";

/** Who a call is made for; accounts are kept by these. */
export interface CallOwner {
  readonly tenant: string;
  readonly runId: string;
  /** `provider:model`. */
  readonly model: string;
}

/** A limit in dollars: for everything, or for each tenant, run or model by itself. */
export interface BudgetLimit {
  readonly per: "gateway" | "tenant" | "run" | "model";
  readonly dollars: number;
  /** The only tenant, run or `provider:model` it is for; each by itself if not given. */
  readonly of?: string;
}

/** What an account has spent and holds back for calls under way, in billionths of a dollar. */
export interface AccountState {
  readonly spentNanos: number;
  readonly reservedNanos: number;
}

/** Money held back for one call. */
export interface Reservation {
  /** Puts what the call cost in place of what was held back. */
  settle(costNanos: number): void;
}

const nothing: AccountState = { spentNanos: 0, reservedNanos: 0 };

/** The budgets of one gateway, in memory. */
export class Budgets {
  readonly #limits: readonly BudgetLimit[];
  readonly #accounts = new Map<string, AccountState>();

  constructor(limits: readonly BudgetLimit[]) {
    this.#limits = limits;
  }

  /** Whether any limit is for this owner: then the price of the model has to be known. */
  applyTo(owner: CallOwner): boolean {
    return this.#limits.some((limit) => accountOf(limit, owner) !== undefined);
  }

  /** Holds money back in every account of the owner, or in none. Throws ModelError (AF_MODEL_BUDGET). */
  reserve(owner: CallOwner, nanos: number): Reservation {
    const accounts: string[] = [];
    for (const limit of this.#limits) {
      const account = accountOf(limit, owner);
      if (account === undefined) continue;
      this.#requireFree(account, limit, nanos);
      accounts.push(account);
    }
    const held = [...new Set(accounts)];
    for (const account of held) this.#add(account, { spentNanos: 0, reservedNanos: nanos });
    let isSettled = false;
    return {
      settle: (costNanos) => {
        if (isSettled) return;
        isSettled = true;
        for (const account of held) this.#add(account, { spentNanos: costNanos, reservedNanos: -nanos });
      },
    };
  }

  /** What was spent before this gateway was opened, such as by the same run in an earlier process. */
  addSpent(owner: CallOwner, costNanos: number): void {
    this.reserve(owner, 0).settle(costNanos);
  }

  /** State of an account, such as `{ per: "run", of: runId }`. */
  stateOf({ per, of = "" }: Pick<BudgetLimit, "per" | "of">): AccountState {
    return this.#accounts.get(`${per} ${of}`) ?? nothing;
  }

  #requireFree(account: string, limit: BudgetLimit, nanos: number): void {
    const { spentNanos, reservedNanos } = this.#accounts.get(account) ?? nothing;
    const limitNanos = nanosOfDollars(limit.dollars);
    if (spentNanos + reservedNanos + nanos <= limitNanos) return;
    throw new ModelError(
      "AF_MODEL_BUDGET",
      `The budget of ${account.trim()} is $${dollarsText(limitNanos)}: $${dollarsText(spentNanos)} is spent, ` +
        `$${dollarsText(reservedNanos)} held back for calls under way, and this call may take $${dollarsText(nanos)}.`,
      { context: { account: account.trim(), limitNanos, spentNanos, reservedNanos, callNanos: nanos } },
    );
  }

  #add(account: string, change: AccountState): void {
    const { spentNanos, reservedNanos } = this.#accounts.get(account) ?? nothing;
    this.#accounts.set(account, {
      spentNanos: spentNanos + change.spentNanos,
      reservedNanos: reservedNanos + change.reservedNanos,
    });
  }
}

function accountOf({ per, of }: BudgetLimit, owner: CallOwner): string | undefined {
  const name = { gateway: "", tenant: owner.tenant, run: owner.runId, model: owner.model }[per];
  if (per !== "gateway" && name === "") return undefined;
  return of === undefined || of === name ? `${per} ${name}` : undefined;
}
