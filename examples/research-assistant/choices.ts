import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { UsageError, ValidationError } from "agentflow";
import { models } from "./answer.ts";
import { type DocumentQuery, listDocuments, textPatterns } from "./documents.ts";
import { planTopics } from "./topics.ts";

/** What a user chose on the command line. */
export interface Choices {
  readonly help: boolean;
  readonly json: boolean;
  readonly question: string;
  readonly query: DocumentQuery;
  /** `local`, or `provider:model`. */
  readonly model: string;
}

/** What `--help` prints. */
export const usage = `Answers a question from a folder of documents and cites file and line.

usage: npm start -- [--question TEXT] [--docs FOLDER] [--model MODEL] [--json]

  --question TEXT  what to look for; a question about this project unless given
  --docs FOLDER    where to look: texts, manuals, sources and data; this project's manual unless given
  --model MODEL    who answers from what was found: local, which quotes and needs no key, unless given;
                   openai:MODEL, anthropic:MODEL, ollama:MODEL
  --json           print the run as one JSON object
  --help           print this

examples:
  npm start -- --question "How are backups restored?" --docs ~/notes
  OPENAI_API_KEY=... npm start -- --model openai:gpt-5-mini
`;

const defaultQuestion = "How does a run survive a crash and replay to the same bytes?";

const projectManual: DocumentQuery = {
  folder: fileURLToPath(new URL("../..", import.meta.url)),
  patterns: ["*.md", "docs/**/*.md"],
};

const options = {
  question: { type: "string" },
  docs: { type: "string" },
  model: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${message.split(". ", 1)[0]}.`, {
      hint: 'Ask with --question "..." and name the folder with --docs; --help shows both.',
    });
  }
}

/** Reads the command line; relative folders start from `directory`. Throws UsageError for what it does not know. */
export function readChoices(words: readonly string[], directory: string): Choices {
  const { question = defaultQuestion, docs, model = "local", json = false, help = false } = parse(words);
  if (docs === "") throw new UsageError("--docs is empty.", { hint: "Name the folder of the documents." });
  const query =
    docs === undefined ? projectManual : { folder: resolve(directory, docs), patterns: textPatterns };
  return { help, json, question, query, model };
}

/**
 * Refuses what no run can answer, before there is a run: a question without a subject, a folder that is missing or
 * holds no documents, a model that cannot be called here. Rejects with ValidationError (AF_INPUT_INVALID), and with
 * ModelError, such as AF_MODEL_AUTH for a key that is missing.
 */
export async function checkChoices({ question, query, model }: Choices): Promise<void> {
  if (planTopics(question).length === 0) {
    const what = question.trim() === "" ? "is empty" : "names nothing to look for";
    throw new ValidationError("AF_INPUT_INVALID", `The question ${what}.`, {
      hint: 'Name the subject in a few words: --question "How are backups restored?".',
    });
  }
  const documents = await listDocuments(query).catch((cause: Error) => {
    throw new ValidationError("AF_INPUT_INVALID", cause.message, {
      hint: "Name a folder of documents with --docs.",
    });
  });
  if (documents.length === 0) {
    throw new ValidationError("AF_INPUT_INVALID", `The folder ${query.folder} holds no documents.`, {
      hint: "Name a folder with texts, manuals, sources or data (.md, .txt, .ts, .json, ...) with --docs.",
    });
  }
  await models.check(model);
}
