const units = ["B", "kB", "MB", "GB", "TB"];

/** Writes a number of bytes for people, in powers of 1000: `512 B`, `3.4 MB`. */
export function formatSize(sizeBytes: number): string {
  let [size, unit] = [sizeBytes, 0];
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || size >= 99.95 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
