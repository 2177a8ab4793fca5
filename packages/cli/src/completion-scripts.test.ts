import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { completionScript, shells } from "./completion-scripts.ts";
import { commands } from "./spec/commands.ts";

function installed(shell: string): { skip: string | false } {
  return { skip: spawnSync(shell, ["-c", "exit 0"]).status === 0 ? false : `${shell} is not installed` };
}

/** What bash offers after the words of a line, the last of which is being written. */
function bashOffers(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(" ");
  const script = `${completionScript("bash")}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _af; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const result = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  assert.equal(result.stderr, "");
  return result.stdout.split("\n").filter((word) => word !== "");
}

test("bash offers commands, options, choices and files", installed("bash"), () => {
  assert.deepEqual(bashOffers("af", "re"), ["resume", "replay", "reject", "rebuild", "restore"]);
  assert.deepEqual(bashOffers("af", "tail", "last", "--le"), ["--level"]);
  assert.deepEqual(bashOffers("af", "ana"), ["analytics"]);
  assert.deepEqual(bashOffers("af", "analytics", "te"), ["test"]);
  assert.deepEqual(bashOffers("af", "analytics", "generate", "--format", "b"), ["both"]);
  assert.deepEqual(bashOffers("af", "tail", "last", "--level", "W"), ["WARN"]);
  assert.deepEqual(bashOffers("af", "completions", "f"), ["fish"]);
  assert.deepEqual(bashOffers("af", "run", "packages/cli/package.j"), ["packages/cli/package.json"]);
});

test("fish reads its script without a complaint", installed("fish"), () => {
  const result = spawnSync("fish", ["--no-execute", "/dev/stdin"], {
    input: completionScript("fish"),
    encoding: "utf8",
  });
  assert.equal(result.stderr, "");
});

test("zsh reads its script without a complaint", installed("zsh"), () => {
  const result = spawnSync("zsh", ["-n", "/dev/stdin"], { input: completionScript("zsh"), encoding: "utf8" });
  assert.equal(result.stderr, "");
});

test("every script knows every command and every option", () => {
  for (const shell of shells) {
    const script = completionScript(shell);
    for (const command of commands) {
      for (const word of command.name.split(" ")) {
        assert.ok(script.includes(word), `${shell} ${command.name}`);
      }
      for (const option of command.options) {
        const written = shell === "fish" ? `-l ${option.name}` : `--${option.name}`;
        assert.ok(script.includes(written), `${shell} ${command.name} ${option.name}`);
      }
    }
  }
});

test("quotes in a description do not end the string they stand in", () => {
  for (const shell of ["zsh", "fish"] as const) {
    const lines = completionScript(shell).split("\n");
    const said = lines.filter((line) => line.includes("the run's") && !line.startsWith("#"));
    for (const line of said) {
      const bare = line.replaceAll("\\'", "").replaceAll("'\\''", "");
      assert.equal((bare.match(/'/g)?.length ?? 0) % 2, 0, line);
    }
  }
});
