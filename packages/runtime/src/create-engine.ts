import { join } from "node:path";
import { type ArtifactStore, type Emitter, type ResponseCache, runDirectoryName, type StoreBackend } from "@agentflow/core";
import type { Engine } from "@agentflow/engine";
import { type EngineOptions, mergeEngineOptions } from "./engine-options.ts";
import { systemClock } from "./host/system-clock.ts";
import { systemHost } from "./host/system-host.ts";
import { directoriesBeside, openBackend } from "./open-backend.ts";
