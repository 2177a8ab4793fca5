import { peakRssMb } from "../measure/peak-rss.ts";
import { loadSystem } from "../systems/catalogue.ts";
import type { SystemId } from "../systems/system.ts";

const [system, steps, directory = "."] = process.argv.slice(2);

const { open } = await loadSystem(system as SystemId, undefined);
const session = await open(directory);
await session.run({ kind: "loop", steps: Number(steps), append: false });
const peak = peakRssMb();
await session.close();
process.stdout.write(JSON.stringify(peak));
