/** What kind of trouble an error is; it decides whether a retry can help (ENG-51). */
export type ErrorClass = "transient" | "validation" | "auth" | "quota" | "internal";

/** What the table says about one code. `exitCode` is what `af` ends with when this error stops it. */
export interface ErrorCodeEntry {
  readonly class: ErrorClass;
  readonly retryable: boolean;
  readonly exitCode: number;
  readonly title: string;
  readonly hint: string;
}
