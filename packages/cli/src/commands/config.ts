import { withoutPassword } from "@agentflow/core";
import { commandConfiguration } from "../command-configuration.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { textTable } from "../terminal/text-table.ts";

/** `af config`: every setting with its value and where it came from (RUN-40). */
export const config: CommandHandler = async (input, { output, ...rest }) => {
  const configuration = await commandConfiguration(input, { output, ...rest });
  if (output.json) {
    output.object({
      file: configuration.file ?? null,
      settings: configuration.values.map(({ key, value, source, origin }) => ({
        key,
        value: shown(value) ?? null,
        source,
        ...(origin === "" ? {} : { origin }),
      })),
    });
    return exitCodes.ok;
  }
  const rows = configuration.values.map(({ key, value, source, origin }) => [
    key,
    String(shown(value) ?? "-"),
    origin === "" ? source : `${source} ${origin}`,
  ]);
  for (const line of textTable([{ title: "SETTING" }, { title: "VALUE" }, { title: "SOURCE" }], rows)) {
    output.line(line);
  }
  return exitCodes.ok;
};

function shown(value: string | number | undefined): string | number | undefined {
  return typeof value === "string" ? withoutPassword(value) : value;
}
