import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ArtifactNotFoundError, type ArtifactStore, sha256Hex, tenantDirectoryName } from "@agentflow/core";
import { fileError, isMissing } from "../files/file-error.ts";
import { makeFolder, replaceFile, syncFolder } from "../files/replace-file.ts";
import { goingPath, registerUser, touchUsed } from "./artifact-use.ts";

/** Options of an artifact folder. */
export interface FileArtifactsOptions {
  /** Made when the first artifact is stored. */
  readonly directory: string;
  /** Names the store whose runs refer to the contents; written down so that nobody else's are taken for unused. */
  readonly user?: string | undefined;
  /** Wall-clock milliseconds, for the time of last use. */
  readonly now?: () => number;
}

/**
 * Artifact contents as files named by their SHA-256, in a folder per tenant. A content is written once, synced to the
 * disk; one that was damaged is not given out, and storing it again mends it. Throws store errors.
 */
export function fileArtifacts(options: FileArtifactsOptions): ArtifactStore {
  return new FileArtifacts(options);
}

/**
 * 1. A content that `put` has answered survives a power loss, with all names that lead to it: it waits for whoever is
 *    writing the same content, or is making a folder, to have synced that.
 * 2. A sync that failed is made up for before a file that is there already is relied upon.
 */
class FileArtifacts implements ArtifactStore {
  readonly #directory: string;
  readonly #user: string | undefined;
  readonly #now: () => number;
  #isRegistered = false;
  readonly #writing = new Map<string, Promise<void>>();
  #makingFolder: Promise<unknown> = Promise.resolve();
  readonly #unsynced = new Set<string>();

  constructor({ directory, user, now = Date.now }: FileArtifactsOptions) {
    this.#directory = directory;
    this.#user = user;
    this.#now = now;
  }

  async put(
    tenant: string,
    bytes: Uint8Array,
  ): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
    const sha256 = sha256Hex(bytes);
    const { path } = this.#place(tenant, sha256);
    const before = this.#writing.get(path);
    const written = (before ?? Promise.resolve()).then(
      () => this.#write(tenant, sha256, bytes),
      () => this.#write(tenant, sha256, bytes),
    );
    this.#writing.set(path, written);
    try {
      await written;
    } finally {
      if (this.#writing.get(path) === written) this.#writing.delete(path);
    }
    return { sha256, sizeBytes: bytes.byteLength };
  }

  async #write(tenant: string, sha256: string, bytes: Uint8Array): Promise<void> {
    const { folder, path } = this.#place(tenant, sha256);
    try {
      for (const unsynced of this.#unsynced) {
        await syncFolder(unsynced);
        this.#unsynced.delete(unsynced);
      }
      await this.#register();
      // One that is there stays for as long as a step may take to bind it.
      if ((await this.#read(path, sha256)) !== undefined && (await touchUsed(path, this.#now()))) return;
      await this.#makeFolder(folder);
      await replaceFile(path, bytes, { sync: true });
    } catch (error) {
      for (const above of [folder, dirname(folder), this.#directory, dirname(this.#directory)])
        if (existsSync(above)) this.#unsynced.add(above);
      throw fileError(error, path);
    }
  }

  async #register(): Promise<void> {
    if (this.#isRegistered) return;
    await registerUser(this.#directory, this.#user);
    this.#isRegistered = true;
  }

  /** One after the other: what is there may have been made a moment ago, and not be synced yet. */
  #makeFolder(folder: string): Promise<void> {
    const made = this.#makingFolder.then(() => makeFolder(folder, { sync: true }));
    this.#makingFolder = made.then(
      () => undefined,
      () => undefined,
    );
    return made;
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
    // One that is being removed may yet be put back.
    const bytes = (await readIfThere(path)) ?? (await readIfThere(goingPath(path)));
    return bytes !== undefined && sha256Hex(bytes) === sha256 ? bytes : undefined;
  }

  #place(tenant: string, sha256: string): { readonly folder: string; readonly path: string } {
    const folder = join(this.#directory, tenantDirectoryName(tenant), sha256.slice(0, 2));
    return { folder, path: join(folder, sha256.slice(2)) };
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, path);
  }
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
