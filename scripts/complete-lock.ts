/** An entry of package-lock.json, as far as completing it reads and writes. */
export interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openharmony",
  "sunos",
  "wasi",
  "win32",
];
const processors: readonly (readonly [pattern: RegExp, cpu: string])[] = [
  [/^arm64$/, "arm64"],
  [/^arm(eabi|v7)?$/, "arm"],
  [/^x64$/, "x64"],
  [/^(ia32|ppc64|riscv64|s390x|loong64|wasm32)$/, "$1"],
];

/** Reads the platform that a prebuilt binary's package name ends with; nothing where it names none. */
export function platformOf(name: string): Pick<LockEntry, "os" | "cpu" | "libc"> | undefined {
  const words = name.split(/[-/]/);
  const os = words.find((word) => systems.includes(word));
  const cpu = words.flatMap((word) => {
    const match = processors.find(([pattern]) => pattern.test(word));
    return match === undefined ? [] : [word.replace(match[0], match[1])];
  })[0];
  if (os === undefined || cpu === undefined) return undefined;
  const libc = words.some((word) => word.startsWith("musl"))
    ? "musl"
    : words.includes("gnu")
      ? "glibc"
      : undefined;
  return { cpu: [cpu], os: [os], ...(libc === undefined ? {} : { libc: [libc] }) };
}

function isFound(lock: Readonly<Record<string, LockEntry>>, from: string, name: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf("/node_modules/"), 0))) {
    if (lock[`${at === "" ? "" : `${at}/`}node_modules/${name}`] !== undefined) return true;
    if (at === "") return false;
  }
}

/**
 * Adds the prebuilt binaries of other platforms that a lock file leaves out, because the registry it was made from
 * does not carry them; without them `npm ci` refuses the lock file. Only exact versions can be added.
 */
export function completeLock(lock: Readonly<Record<string, LockEntry>>): Record<string, LockEntry> {
  const completed: Record<string, LockEntry> = { ...lock };
  for (const [path, { dev, optionalDependencies = {} }] of Object.entries(lock)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const platform = platformOf(name);
      if (isFound(lock, path, name) || platform === undefined || !/^\d+\.\d+\.\d+$/.test(version)) continue;
      completed[`node_modules/${name}`] = { version, ...platform, ...(dev ? { dev } : {}), optional: true };
    }
  }
  return Object.fromEntries(Object.entries(completed).sort(([left], [right]) => (left < right ? -1 : 1)));
}
