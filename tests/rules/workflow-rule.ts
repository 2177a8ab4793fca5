import { parseDocument } from "yaml";
import type { Finding, RepositoryFile } from "./repository.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly "runs-on"?: string;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

/** A hosted workflow, as far as the rules look into it. */
export interface HostedWorkflow {
  readonly permissions?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

/** Reads a workflow file; throws where the YAML does not parse. */
export function parseHostedWorkflow(text: string): HostedWorkflow {
  const document = parseDocument(text);
  if (document.errors[0] !== undefined) throw document.errors[0];
  return document.toJS() ?? {};
}

function stepProblems(step: Step, scripts: ReadonlySet<string>): string[] {
  if (step.uses !== undefined) {
    return /^[\w-]+\/[\w./-]+@v\d+$/.test(step.uses)
      ? []
      : [`uses ${step.uses}: pin it to a major version, @vN`];
  }
  return (step.run ?? "").split("\n").flatMap((command) => {
    const script = command.match(/^npm (?:run )?([\w-]+)/)?.[1];
    if (command === "" || command === ".ci/run" || script === "ci") return [];
    if (script !== undefined && scripts.has(script)) return [];
    return [`runs "${command}", which is neither .ci/run nor a script of package.json`];
  });
}

/** Finds what is wrong with hosted workflows; `scripts` are the scripts of the root package.json. */
export function hostedWorkflowProblems(
  files: readonly RepositoryFile[],
  scripts: ReadonlySet<string>,
): Finding[] {
  return files
    .filter(({ path }) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
    .flatMap(({ path, text }) => {
      const problems: string[] = [];
      try {
        const { permissions, jobs = {} } = parseHostedWorkflow(text);
        if (permissions === undefined) problems.push("declares no permissions: it would get all of them");
        if (Object.keys(jobs).length === 0) problems.push("has no jobs");
        for (const [name, job] of Object.entries(jobs)) {
          if (job["timeout-minutes"] === undefined) problems.push(`job ${name} has no timeout-minutes`);
          for (const step of job.steps ?? []) {
            problems.push(...stepProblems(step, scripts).map((problem) => `job ${name} ${problem}`));
          }
        }
      } catch (error) {
        problems.push(`does not parse: ${error instanceof Error ? error.message : String(error)}`);
      }
      return problems.map((message) => ({ path, line: 1, message }));
    });
}
