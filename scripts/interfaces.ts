// Writes the public interface into docs/interfaces, where a change of it shows in review.
import { mkdirSync, writeFileSync } from "node:fs";
import { publicInterfaces } from "./build-package.ts";

const folder = new URL("../docs/interfaces/", import.meta.url);

mkdirSync(folder, { recursive: true });
for (const [name, text] of await publicInterfaces()) {
  const path = new URL(`${name}.d.ts`, folder);
  writeFileSync(path, text);
  process.stdout.write(`${path.pathname}\n`);
}
