import { append, type Failure, value, workflow } from "agentflow";
import { ask } from "agentflow/models";
import { z } from "zod";
import { answerRequest, models } from "./answer.ts";
import { listDocuments, readDocument, textPatterns } from "./documents.ts";
import { type Passage, splitPassages } from "./passages.ts";
import { mentions, pickQuotes, type RankedTopic, rankPassages } from "./rank.ts";
import { composeReport, type Note, type Unread } from "./report.ts";
import { planTopics, type Topic } from "./topics.ts";

const readConcurrency = 8;

const question = z.string().refine((text) => planTopics(text).length > 0, {
  message: "it asks for nothing that can be looked up: name the subject in a few words",
});

/**
 * Answers a question from a folder of documents: plans topics, reads every document in a step of its own, ranks the
 * passages by BM25+, picks sentences per topic, has a model answer from them, and writes `report.md` with file and line of
 * each. Input: `question`, `folder`, `patterns` (globs in the folder) if not every text in it is meant, and `model`, which
 * is `local` unless given.
 */
export const research = workflow("research", {
  version: "2",
  state: {
    question: value<string>({ schema: question }),
    folder: value<string>({ schema: z.string().min(1) }),
    patterns: value<readonly string[]>(textPatterns),
    model: value("local"),
    topics: value<readonly Topic[]>([]),
    documents: value<readonly string[]>([]),
    passages: append<Passage>(),
    unread: append<Unread>(),
    ranked: value<readonly RankedTopic[]>([]),
    notes: append<Note>(),
    answer: value(""),
    report: value(""),
  },
})
  .start("plan", async ({ question, folder, patterns }, ctx) => {
    const documents = await ctx.io("list", { folder, patterns }, listDocuments);
    if (documents.length === 0) throw new Error(`The folder ${folder} holds no documents.`);
    return { topics: planTopics(question), documents };
  })
  .map(
    "read",
    { after: "plan", over: (state) => state.documents, concurrency: readConcurrency },
    async (file, ctx, { folder, topics }) => {
      const text = await ctx.io("read", { folder, file }, (input, { signal }) =>
        readDocument(input.folder, input.file, signal),
      );
      const terms = new Set(topics.flatMap((topic) => topic.terms));
      return { passages: splitPassages(file, text).filter((passage) => mentions(passage, terms)) };
    },
    { recover: (failure, file) => ({ unread: [{ file, reason: reasonOf(failure) }] }) },
  )
  .node("score", { after: "read" }, ({ topics, passages }) => ({ ranked: rankPassages(topics, passages) }))
  .map("extract", { after: "score", over: (state) => state.ranked }, (ranked, _ctx, { topics }) => ({
    notes: [
      {
        topic: ranked.topic.title,
        quotes: pickQuotes(
          ranked,
          topics.flatMap(({ terms }) => terms),
        ),
      },
    ],
  }))
  .node("answer", { after: "extract" }, async ({ question, model, notes }, ctx) => {
    const request = answerRequest(model, question, notes);
    if (request === undefined) return {};
    const { text } = await ask(ctx, models, request, { cache: "shared", tokens: true });
    return { answer: text };
  })
  .node("write", { after: "answer" }, async ({ question, documents, notes, unread, answer, model }, ctx) => {
    const findings = { question, documents, notes, unread, answer: { text: answer, model } };
    const { path } = await ctx.safeWrite("report.md", composeReport(findings));
    return { report: path };
  })
  .end("write");

// What a step's own code threw lies under the errors that tell which step it was.
function reasonOf(failure: Failure): string {
  const { code, cause, message } = failure;
  return code === "AF_THROWN" || cause === undefined ? message : reasonOf(cause);
}
