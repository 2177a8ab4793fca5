import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The first lines of the notes of a day: files such as `2026-03-29-tides.md`, by name. */
export async function titlesOf({ folder, day }: { folder: string; day: string }): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.startsWith(`${day}-`)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return texts.map((text) => text.split("\n", 1)[0] ?? "");
}

/** Puts a digest into the outbox; the same digest twice is there once, because its day is its name. */
export async function deliver({
  outbox,
  day,
  text,
}: {
  outbox: string;
  day: string;
  text: string;
}): Promise<string> {
  const file = join(outbox, `${day}.txt`);
  await mkdir(outbox, { recursive: true });
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
  return file;
}
