import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createEngine } from "agentflow";
import { dayBefore } from "./calendar.ts";
import { everyMorning } from "./morning.ts";
import { digest } from "./workflow.ts";

const [folder, outbox] = [resolve("notes"), resolve("outbox")];
const yesterday = dayBefore(Date.now());
await mkdir(folder, { recursive: true });
await writeFile(join(folder, `${yesterday}-tides.md`), "Spring tide at noon\n\nTwo hands above the mark.\n");
await writeFile(join(folder, `${yesterday}-visitors.md`), "Two visitors on the stairs\n");

await using engine = await createEngine({ store: "sqlite:.agentflow/agentflow.db", workflows: [digest] });
const { name, nextAt } = await everyMorning(engine, { folder, outbox });
const run = await engine.schedules.trigger(name);
const { sent } = (await run.result()) as { sent: string };
console.log(await readFile(sent, "utf8"));
console.error(`It comes by itself at ${new Date(nextAt ?? 0).toISOString()}, and each morning at seven, while this serves:

npx af serve ${resolve(import.meta.dirname, "workflow.ts")}
npx af schedules list`);
