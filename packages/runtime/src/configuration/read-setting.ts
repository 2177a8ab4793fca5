import { ConfigError } from "@agentflow/core";
import type { Setting } from "./settings.ts";

function refuse(setting: Setting, value: unknown, origin: string, wanted: string): never {
  const found = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new ConfigError(`${setting.key} from ${origin} is ${found}; it must be ${wanted}.`, {
    context: { key: setting.key, origin },
  });
}

/** Checks one given value and turns it into its type. Throws ConfigError that names key and origin. */
export function readSetting(setting: Setting, value: unknown, origin: string): string | number {
  const { kind } = setting;
  switch (kind.type) {
    case "text":
      if (typeof value === "string" && value !== "") return value;
      return refuse(setting, value, origin, "a text that is not empty");
    case "choice":
      if (typeof value === "string" && kind.choices.includes(value)) return value;
      return refuse(setting, value, origin, `one of ${kind.choices.join(", ")}`);
    case "list": {
      const items = typeof value === "string" ? value.split(",").map((item) => item.trim()) : [];
      if (items.length > 0 && items.every((item) => kind.choices.includes(item))) return items.join(",");
      return refuse(setting, value, origin, `some of ${kind.choices.join(", ")}, separated by commas`);
    }
    case "integer": {
      const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
      if (typeof number === "number" && Number.isSafeInteger(number) && number >= kind.min) return number;
      return refuse(setting, value, origin, `a whole number of at least ${kind.min}`);
    }
  }
}
