export { type SampleRun, sampleRun } from "./events/sample-run.ts";
