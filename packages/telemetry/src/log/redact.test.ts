import assert from "node:assert/strict";
import { test } from "node:test";
import { redact, redacted, redactText } from "./redact.ts";

const secrets: readonly (readonly [string, string])[] = [
  ["a bearer token", "Bearer abcdefghijklmnop"],
  ["basic credentials", "Basic dXNlcjpwYXNzd29yZA=="],
  ["a JSON web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.c2lnbmF0dXJl"],
  ["a key of OpenAI or Anthropic", `sk-ant-api03-${"a1b2".repeat(8)}`],
  ["a token of GitHub", `ghp_${"a1".repeat(18)}`],
  ["a token of Slack", "xoxb-1234567890-abcdef"],
  ["an access key of AWS", "AKIAIOSFODNN7EXAMPLE"],
  ["a social security number", "078-05-1120"],
  ["an e-mail address", "ada.lovelace+x@example.co.uk"],
  ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"],
];

for (const [what, text] of secrets) {
  test(`${what} is taken out of a text, and nothing beside it`, () => {
    assert.equal(redactText(`before ${text} after`), `before ${redacted} after`);
  });
}

test("the password of a URL is taken out, its user and host stay", () => {
  assert.equal(redactText("postgres://af:p%40ss@db:5432/x"), `postgres://af:${redacted}@db:5432/x`);
  assert.equal(redactText("https://example.com/a:b"), "https://example.com/a:b");
});

test("names of secrets are known in every spelling, at any depth", () => {
  const value = { apiKey: "1", API_KEY: "2", list: [{ "set-cookie": ["3"] }], patientName: { first: "4" } };
  assert.deepEqual(redact(value), {
    apiKey: redacted,
    API_KEY: redacted,
    list: [{ "set-cookie": redacted }],
    patientName: redacted,
  });
});

test("what only sounds like a secret stays", () => {
  const value = {
    tokens_in: 3,
    tokenCount: 4,
    run_id: "01JD0Z",
    step_id: "0.a",
    sha256: "ab".repeat(32),
    none: null,
  };
  assert.deepEqual(redact(value), value);
  assert.equal(redactText("2026-01-01 sk-1 Bearer x 555-1234"), "2026-01-01 sk-1 Bearer x 555-1234");
});
