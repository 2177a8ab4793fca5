// Runs faults on real stores and processes, and says what held.
//
//   node scripts/faults.ts [list | all | NAME...] [options]
import { faults } from "../tests/faults/faults.ts";
import { faultsCommand } from "../tests/faults/faults-command.ts";

process.exitCode = await faultsCommand({
  arguments: process.argv.slice(2),
  faults,
  output: (text) => void process.stdout.write(text),
  errors: (text) => void process.stderr.write(text),
});
