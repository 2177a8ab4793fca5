import { settings } from "./settings.ts";

/** Variables that are read elsewhere than in the table of settings. */
const otherVariables = [
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
