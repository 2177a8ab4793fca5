import { settings } from "./settings.ts";

/** Variables that are read elsewhere than in the table of settings. */
const otherVariables = [
  { variable: "OPENAI_API_KEY", describes: "Key for models that are called as openai:MODEL." },
  { variable: "OPENAI_BASE_URL", describes: "Where those models are, if not at OpenAI." },
  { variable: "ANTHROPIC_API_KEY", describes: "Key for models that are called as anthropic:MODEL." },
  { variable: "ANTHROPIC_BASE_URL", describes: "Where those models are, if not at Anthropic." },
  {
    variable: "OLLAMA_BASE_URL",
    describes: "Where models that are called as ollama:MODEL are, if not at http://127.0.0.1:11434/v1.",
  },
  { variable: "NO_COLOR", describes: "Set to anything: af prints no colour." },
  { variable: "FORCE_COLOR", describes: "Set to 1: af prints colour also where there is no terminal." },
];

/** Writes `.env.example`: every variable that exists, with its meaning and its default. */
export function environmentExample(): string {
  const entries = [
    ...settings.map(({ variable, describes, fallback }) => ({ variable, describes, fallback })),
    ...otherVariables.map((each) => ({ ...each, fallback: undefined })),
  ];
  const lines = entries.map(({ variable, describes, fallback }) => {
    const value = fallback === undefined ? "" : String(fallback);
    return `# ${describes}\n# ${variable}=${value}\n`;
  });
  return `# Every variable that AgentFlow reads. A flag wins over a variable, a variable over agentflow.config.*.\n\n${lines.join("\n")}`;
}
