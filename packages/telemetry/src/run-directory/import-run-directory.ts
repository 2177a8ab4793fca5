import { type ImportResult, type ImportTarget, importToldRun } from "../run-events/import-told-run.ts";
import { readRunDirectory } from "./read-run-directory.ts";

/** What to import, and under which id. */
export interface ImportRequest extends ImportTarget {
  /** The run's own directory; of its artifacts it has each name's newest. */
  readonly directory: string;
}

/**
 * Makes a run of what is left of another one: its directory (RUN-10). Throws RunImportError with the reason, and
 * RunExistsError; a refused import leaves nothing.
 */
export async function importRunDirectory(request: ImportRequest): Promise<ImportResult> {
  return importToldRun(await readRunDirectory(request.directory), request);
}
