import { ArtifactPathError } from "../errors/edge-errors.ts";

/** Limits of an artifact path, in bytes of UTF-8: what common file systems take. */
export const artifactPathLimits = { pathBytesMax: 1_024, segmentBytesMax: 240 } as const;

/**
 * The path of an artifact if it stays inside the run's artifacts on every common file system (RUN-30): relative, with
 * `/` between segments, no `.` or `..`, no character or name that Windows gives another meaning, in Unicode's composed
 * form. Throws ArtifactPathError that says why otherwise. Symbolic links are refused where the file is written.
 */
export function checkArtifactPath(path: string): string {
  const problem = pathProblem(path) ?? firstProblem(path.split("/"));
  if (problem === undefined) return path;
  const shown = JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}...` : path);
  throw new ArtifactPathError(`${shown} cannot name an artifact: ${problem}.`, {
    context: { path: path.slice(0, 200), problem },
  });
}

const encoder = new TextEncoder();

// Windows opens a device for these names, whatever the case and the extension.
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;

function pathProblem(path: string): string | undefined {
  if (path === "") return "it is empty";
  if (path.startsWith("/")) return "it is absolute";
  if (path.includes("\\")) return "it has a backslash; segments are separated by /";
  if (/^[A-Za-z]:/.test(path)) return "it names a drive";
  if (!path.isWellFormed()) return "it has half a surrogate pair";
  if (path !== path.normalize("NFC")) return "it is not in Unicode's composed form (NFC)";
  if (encoder.encode(path).length > artifactPathLimits.pathBytesMax) return "it is too long";
  return undefined;
}

function firstProblem(segments: readonly string[]): string | undefined {
  for (const segment of segments) {
    const problem = segmentProblem(segment);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function segmentProblem(segment: string): string | undefined {
  if (segment === "") return "it has an empty segment";
  if (segment === "." || segment === "..") return `it has the segment ${segment}`;
  if (hasControlCharacter(segment)) return "it has a control character";
  if (/[<>:"|?*]/.test(segment)) return 'it has one of < > : " | ? *';
  if (/[. ]$/.test(segment)) return "a segment ends with a dot or a space";
  if (segment.startsWith(" ")) return "a segment starts with a space";
  if (deviceName.test(segment)) return `${segment} is a device on Windows`;
  if (encoder.encode(segment).length > artifactPathLimits.segmentBytesMax) return "a segment is too long";
  return undefined;
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}
