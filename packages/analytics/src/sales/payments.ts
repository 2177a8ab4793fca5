/** A row of dim_payment. */
export interface PaymentRow {
  readonly payment_key: number;
  readonly payment_type: string;
  readonly provider: string;
  readonly fee_percent: number;
}

const kinds: readonly (readonly [type: string, fee: number, providers: string, weight: number])[] = [
  ["Credit card", 1.9, "Visa, Mastercard, American Express, Discover", 14],
  ["Debit card", 0.6, "Visa Debit, Maestro, V Pay, Girocard", 12],
  ["Wallet", 1.4, "PayPal, Apple Pay, Google Pay, Amazon Pay", 10],
  ["Bank transfer", 0.3, "SEPA, ACH, Pix", 6],
  ["Pay later", 2.9, "Klarna, Affirm, Afterpay", 4],
  ["Cash", 0, "Till, Courier", 9],
];

/** The ways to pay. */
export function paymentRows(): PaymentRow[] {
  const rows = kinds.flatMap(([payment_type, fee_percent, providers]) =>
    providers.split(", ").map((provider) => ({ payment_type, provider, fee_percent })),
  );
  return rows.map((row, index) => ({ payment_key: index + 1, ...row }));
}

/** How often each of them is used, in their order. */
export function paymentWeights(): number[] {
  return kinds.flatMap(([, , providers, weight]) =>
    providers.split(", ").map((_, index) => weight * 10 - index * 9),
  );
}
