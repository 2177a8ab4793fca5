import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const program = "linux.uml";
const memory = "384M";
const diskBytes = 96 * 1024 * 1024;

/** What this machine lacks to run a virtual one, or undefined. */
export function missingForVirtualMachine(): string | undefined {
  if (process.platform !== "linux") return "user-mode-linux runs on Linux alone";
  const found = (name: string): boolean => spawnSync("which", [name]).status === 0;
  if (!found(program)) return `${program} is not installed (Debian: user-mode-linux)`;
  return found("mkfs.ext4") ? undefined : "mkfs.ext4 is not installed (Debian: e2fsprogs)";
}

/** A disk with an empty ext4 file system: a file in `folder`, and the empty folder that a machine mounts it on. */
export interface VirtualDisk {
  readonly folder: string;
  readonly image: string;
  readonly mountPoint: string;
}

/** Makes a disk. */
export function createDisk(folder: string): VirtualDisk {
  const [image, mountPoint] = [join(folder, "disk.img"), join(folder, "disk")];
  const file = openSync(image, "w");
  ftruncateSync(file, diskBytes);
  closeSync(file);
  mkdirSync(mountPoint);
  const made = spawnSync("mkfs.ext4", ["-q", "-F", image], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`mkfs.ext4 failed: ${made.stderr}`);
  return { folder, image, mountPoint };
}

/**
 * A machine of its own: user-mode-linux, which sees the files of this machine read-only and a disk of its own. Cutting
 * its power loses what its kernel had not written to the disk, which killing a process never does.
 */
export class VirtualMachine {
  readonly ended: Promise<void>;
  /** The last lines on its console. */
  readonly console: string[] = [];
  readonly #child: ChildProcess;

  /** Boots it; `command` is executed as its only program once the disk is mounted. */
  constructor(disk: VirtualDisk, command: readonly string[], onLine: (line: string) => void) {
    const init = join(disk.folder, "init");
    const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const lines = [
      "#!/bin/sh",
      "mount -t proc none /proc",
      `mount -t ext4 /dev/ubda '${disk.mountPoint}' || exit 1`,
      `${quoted}`,
      'echo "machine: the program ended with $?"',
      "while :; do sleep 1000; done",
    ];
    writeFileSync(init, `${lines.join("\n")}\n`, { mode: 0o755 });
    const settings = [
      `mem=${memory}`,
      `ubd0=${disk.image}`,
      "rootfstype=hostfs",
      "rootflags=/",
      "ro",
      `init=${resolve(init)}`,
      "con=null",
      "con0=fd:0,fd:1",
      "quiet",
      "loglevel=0",
      `uml_dir=${disk.folder}`,
    ];
    // In a group of its own: the kernel's processes end together.
    this.#child = spawn(program, settings, {
      stdio: ["pipe", "pipe", "ignore"],
      detached: true,
      env: { ...process.env, TERM: "dumb" },
    });
    this.ended = once(this.#child, "close").then(() => undefined);
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("the console is a pipe");
    createInterface({ input: stdout }).on("line", (line) => {
      this.console.push(line);
      if (this.console.length > 100) this.console.shift();
      onLine(line);
    });
  }

  /** Cuts the power. */
  async cutPower(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
    await this.ended;
  }
}
