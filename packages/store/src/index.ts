export { openMemory } from "./memory/open-memory.ts";
