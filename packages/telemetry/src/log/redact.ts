import type { Json } from "@agentflow/core";

/** What stands where something was taken out. */
export const redacted = "[redacted]";

/** Names whose values are never written, as the words that they are made of: secrets, then what tells of a person's health. */
const secretNames: ReadonlySet<string> = new Set([
  ...["access key", "api key", "apikey", "authorization", "client secret", "connection string", "cookie"],
  ...[
    "credential",
    "credentials",
    "encryption key",
    "id token",
    "passphrase",
    "passwd",
    "password",
    "private key",
  ],
  ...["proxy authorization", "refresh token", "access token", "secret", "set cookie", "signing key", "token"],
  ...["address", "birth date", "date of birth", "diagnosis", "dob", "email", "health record", "insurance id"],
  ...[
    "medical record number",
    "mrn",
    "patient",
    "patient id",
    "patient name",
    "phone",
    "phone number",
    "ssn",
  ],
  ...["social security number"],
]);

/** Texts that are secrets, or name a person, wherever they stand. Each costs time in proportion to the text. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g, redacted],
  [/\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, redacted],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redacted],
  [/\b(?:sk|pk|rk)[-_][\w-]{16,}/g, redacted],
  [/\bgh[oprsu]_\w{20,}/g, redacted],
  [/\bxox[abprs]-[\w-]{10,}/g, redacted],
  [/\b(?:AKIA|ASIA)[A-Z\d]{16}\b/g, redacted],
  [/(:\/\/[^\s/:@]{1,128}:)[^\s/@]{1,512}@/g, `$1${redacted}@`],
  [/\b\d{3}-\d{2}-\d{4}\b/g, redacted],
  [/\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g, redacted],
];

/** The text without what is a secret or names a person by its form: keys, tokens, passwords in URLs, e-mail addresses. */
export function redactText(text: string): string {
  let clean = text;
  for (const [pattern, instead] of secretTexts) clean = clean.replace(pattern, instead);
  return clean;
}

/** The value without what is secret: values under names such as `password`, at any depth, and texts by their form. */
export function redact(value: Json, name = ""): Json {
  if (name !== "" && value !== null && secretNames.has(wordsOf(name))) return redacted;
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map((item) => redact(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redact(inner as Json, key)]));
}

/** `apiKey`, `API_KEY` and `api-key` are the same words. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[^A-Za-z\d]+/g, " ")
    .trim()
    .toLowerCase();
}
