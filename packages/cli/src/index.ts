export { runCommandLine, type Surroundings } from "./command-line.ts";
export type { Session } from "./session.ts";
export type { TextStream } from "./terminal/output.ts";
