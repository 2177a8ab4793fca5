// Builds the published package into packages/agentflow/dist.
import { buildPackage, packageFolder } from "./build-package.ts";

await buildPackage();
process.stdout.write(`${packageFolder}\n`);
