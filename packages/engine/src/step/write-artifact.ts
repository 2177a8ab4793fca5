import { CapabilityError, checkArtifactPath, sha256Hex, type WriteResult } from "@agentflow/core";
import type { Attempt } from "./attempt.ts";
import type { StepHost } from "./step-host.ts";

/**
 * Writes an artifact of the run (RUN-30): content first, durably under its hash; the name is bound by the step's
 * commit. What is said of it depends only on the state the step works on, so a re-execution says the same.
 */
export async function writeArtifact(
  attempt: Attempt,
  host: StepHost,
  file: { readonly path: string; readonly content: string | Uint8Array },
): Promise<WriteResult> {
  const path = checkArtifactPath(file.path);
  const bytes = typeof file.content === "string" ? new TextEncoder().encode(file.content) : file.content;
  const sha256 = sha256Hex(bytes);
  const known = attempt.artifacts.findLast((artifact) => artifact.path === path);
  const before = known?.sha256 ?? host.boundArtifact(attempt.task, path);
  const reason = before === undefined ? "created" : before === sha256 ? "nochange" : "changed";
  if (host.artifacts === undefined) {
    throw new CapabilityError("There is no artifact store, so `ctx.safeWrite` has nowhere to write to.", {
      hint: "Give the engine an artifact store (`artifacts`), or a runs directory.",
      context: { path },
    });
  }
  await host.artifacts.put(host.tenant, bytes);
  if (!attempt.isRevoked) attempt.artifacts.push({ path, sha256, sizeBytes: bytes.byteLength, reason });
  return { path, sha256, wrote: reason !== "nochange", reason };
}
