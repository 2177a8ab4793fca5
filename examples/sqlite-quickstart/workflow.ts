import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { append, sum, value, workflow } from "agentflow";

/** Counts the words of the Markdown files in a folder, one step per file. */
export const countWords = workflow("count-words", {
  version: "1",
  state: { folder: value<string>(), files: value<string[]>([]), counts: append<string>(), total: sum() },
})
  .start("list", async ({ folder }, ctx) => {
    const names = await ctx.io("list", folder, (path) => readdir(path));
    return { files: names.filter((name) => name.endsWith(".md")).sort() };
  })
  .map("count", { after: "list", over: (state) => state.files }, async (file, ctx, { folder }) => {
    const text = await ctx.io("read", join(folder, file), (path) => readFile(path, "utf8"));
    const words = text.split(/\s+/).filter((word) => word !== "").length;
    return { counts: [`${words} ${file}`], total: words };
  })
  .end("count");
