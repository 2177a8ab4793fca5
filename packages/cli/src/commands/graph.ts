import { resolve } from "node:path";
import { toMermaid } from "@agentflow/core";
import { loadWorkflow } from "@agentflow/runtime";
import { asciiGraph } from "../ascii-graph.ts";
import { textArgument, textOption } from "../command-configuration.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";

/** `af graph FILE`: a workflow as text, mermaid or JSON (ENG-4). */
export const graph: CommandHandler = async (input, { output, directory }) => {
  const path = resolve(directory, textArgument(input, "file"));
  const { workflow } = await loadWorkflow(path, textOption(input, "export"));
  const format = textOption(input, "format") ?? (output.json ? "json" : "ascii");
  const drawing = format === "mermaid" ? toMermaid(workflow) : asciiGraph(workflow.model);
  if (format === "json") {
    output.object({ ...workflow.description, fingerprint: workflow.fingerprint });
  } else if (output.json) {
    output.object({ workflow: workflow.name, format, text: drawing });
  } else {
    output.line(drawing.trimEnd());
  }
  return exitCodes.ok;
};
