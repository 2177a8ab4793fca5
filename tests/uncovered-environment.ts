/**
 * The environment of processes that are killed or whose writes fail. Without it they write what they covered when they
 * end, and one file that was cut off takes the coverage of the whole suite with it. A property that is absent would be
 * inherited all the same, so it is here, and undefined.
 */
export function uncoveredEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_V8_COVERAGE: undefined };
}
