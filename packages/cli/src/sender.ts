import { hostname, userInfo } from "node:os";
import { textOption } from "./command-configuration.ts";
import type { CommandInput } from "./spec/command-spec.ts";

/** Who sends something to a run: `--by`, or the user of this process and the host. */
export function senderOf(input: CommandInput): { readonly by: string } {
  return { by: textOption(input, "by") ?? `${userName()}@${hostname()}` };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may give its process a user that has no name.
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
}
