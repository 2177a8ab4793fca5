#!/usr/bin/env node
// The `af` command. It turns the compile cache on before anything else is loaded, so that the second start
// compiles nothing: this file therefore imports the command line only after that.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("@agentflow/cli/main");
