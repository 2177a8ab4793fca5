import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArtifactNotFoundError, type ArtifactStore, sha256Hex, tenantDirectoryName } from "@agentflow/core";
import { fileError, isMissing } from "../files/file-error.ts";
import { makeFolder, replaceFile } from "../files/replace-file.ts";

/** Options of an artifact folder. */
export interface FileArtifactsOptions {
  /** Made when the first artifact is stored. */
  readonly directory: string;
}

/**
 * Artifact contents as files named by their SHA-256, in a folder per tenant. A content is written once, synced to the
 * disk; one that was damaged is not given out, and storing it again mends it. Throws store errors.
 */
export function fileArtifacts(options: FileArtifactsOptions): ArtifactStore {
  return new FileArtifacts(options.directory);
}

class FileArtifacts implements ArtifactStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async put(
    tenant: string,
    bytes: Uint8Array,
  ): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
    const sha256 = sha256Hex(bytes);
    const { folder, path } = this.#place(tenant, sha256);
    if ((await this.#read(path, sha256)) === undefined) {
      try {
        await makeFolder(folder, { sync: true });
        await replaceFile(path, bytes, { sync: true });
      } catch (error) {
        throw fileError(error, path);
      }
    }
    return { sha256, sizeBytes: bytes.byteLength };
  }

  async get(tenant: string, sha256: string): Promise<Uint8Array> {
    const bytes = await this.#read(this.#place(tenant, sha256).path, sha256);
    if (bytes !== undefined) return bytes;
    throw new ArtifactNotFoundError(`There is no content ${sha256.slice(0, 16)} in ${this.#directory}.`, {
      context: { sha256: sha256.slice(0, 64), directory: this.#directory },
    });
  }

  async has(tenant: string, sha256: string): Promise<boolean> {
    return (await this.#read(this.#place(tenant, sha256).path, sha256)) !== undefined;
  }

  async #read(path: string, sha256: string): Promise<Uint8Array | undefined> {
    if (!isHash(sha256)) return undefined;
    try {
      const bytes = await readFile(path);
      return sha256Hex(bytes) === sha256 ? bytes : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw fileError(error, path);
    }
  }

  #place(tenant: string, sha256: string): { readonly folder: string; readonly path: string } {
    const folder = join(this.#directory, tenantDirectoryName(tenant), sha256.slice(0, 2));
    return { folder, path: join(folder, sha256.slice(2)) };
  }
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
