import { quoteText } from "../execute/sql-text.ts";
import type { FileFormat } from "./dataset-manifest.ts";

/** How Parquet files are compressed. */
export type Compression = "zstd" | "snappy" | "none";

/** The compressions. */
export const compressions: readonly Compression[] = ["zstd", "snappy", "none"];

/** How files are written. */
export interface FileOptions {
  readonly formats: readonly FileFormat[];
  /** `zstd` if not given: the smallest by far, and read about as fast as the others. */
  readonly compression?: Compression;
  /** Rows of a row group, the unit that is skipped or read; 122,880 if not given. At least 2,048. */
  readonly rowGroupRows?: number;
}

/** The statement that writes the rows of a query to a file, in their order. */
export function copyStatement(query: string, path: string, format: FileFormat, options: FileOptions): string {
  const { compression = "zstd", rowGroupRows = 122_880 } = options;
  const settings =
    format === "csv"
      ? "FORMAT csv, HEADER true"
      : // A Bloom filter per column costs a twentieth of the size, and keys that are ordered or few need none.
        `FORMAT parquet, COMPRESSION ${compression === "none" ? "uncompressed" : compression}, PARQUET_VERSION v2, ROW_GROUP_SIZE ${rowGroupRows}, WRITE_BLOOM_FILTER false`;
  return `COPY (${query}) TO ${quoteText(path)} (${settings})`;
}
