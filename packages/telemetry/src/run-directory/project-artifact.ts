import { lstat, mkdir, readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { ArtifactPathError, checkArtifactPath, sha256Hex } from "@agentflow/core";
import { ifThere } from "../run-events/if-there.ts";
import { writeAtomically } from "./write-atomically.ts";

/** An artifact to write into a folder. */
export interface ProjectedArtifact {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: () => Promise<Uint8Array>;
}

/**
 * Writes an artifact under its name into a folder, and leaves a file alone that has the content already, with its mtime.
 * Throws ArtifactPathError if the path leaves the folder or passes a symbolic link (RUN-30).
 */
export async function projectArtifact(folder: string, artifact: ProjectedArtifact): Promise<void> {
  const segments = checkArtifactPath(artifact.path).split("/");
  const name = segments.pop() as string;
  await mkdir(folder, { recursive: true });
  if ((await lstat(folder)).isSymbolicLink()) refuse(artifact.path, folder, "is a symbolic link");
  const parent = await enter(await realpath(folder), segments, artifact.path);
  const path = join(parent, name);
  const status = await ifThere(lstat(path));
  if (status?.isSymbolicLink() === true) refuse(artifact.path, path, "is a symbolic link");
  if (status?.isDirectory() === true) refuse(artifact.path, path, "is a folder");
  if (status !== undefined && sha256Hex(await readFile(path)) === artifact.sha256) return;
  await writeAtomically(path, await artifact.bytes());
}

/** Goes down folder by folder, makes those that are missing, and follows no link. */
async function enter(root: string, segments: readonly string[], shown: string): Promise<string> {
  let folder = root;
  for (const segment of segments) {
    folder = join(folder, segment);
    if ((await ifThere(lstat(folder))) === undefined) await mkdir(folder, { recursive: true });
    const status = await lstat(folder);
    if (status.isSymbolicLink()) refuse(shown, folder, "is a symbolic link");
    if (!status.isDirectory()) refuse(shown, folder, "is no folder");
  }
  // What is checked above may have been exchanged since; the resolved path tells.
  const resolved = await realpath(folder);
  if (resolved !== root && !resolved.startsWith(root + sep)) refuse(shown, folder, `leads to ${resolved}`);
  return resolved;
}

function refuse(shown: string, path: string, problem: string): never {
  throw new ArtifactPathError(`The artifact ${shown} cannot be written: ${path} ${problem}.`, {
    context: { path: shown, problem },
  });
}
