type Version = readonly [number, number, number];

function parse(text: string): { readonly version: Version; readonly parts: number } | undefined {
  const match = /^v?(\d+)(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?$/.exec(text);
  if (match === null) return undefined;
  const given = match.slice(1).filter((part) => part !== undefined && /^\d+$/.test(part));
  const [major = 0, minor = 0, patch = 0] = given.map(Number);
  return { version: [major, minor, patch], parts: given.length };
}

function compare(left: Version, right: Version): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** The first version that no longer has the first `parts` numbers of `version`. */
function nextAfter(version: Version, parts: number): Version {
  if (parts <= 1) return [version[0] + 1, 0, 0];
  return parts === 2 ? [version[0], version[1] + 1, 0] : [version[0], version[1], version[2] + 1];
}

function fits(version: Version, comparator: string): boolean | undefined {
  if (comparator === "*" || comparator === "") return true;
  const [, operator = "", text = ""] = /^(>=|<=|>|<|=|\^|~)?(.+)$/.exec(comparator) ?? [];
  const wanted = parse(text);
  if (wanted === undefined) return undefined;
  const order = compare(version, wanted.version);
  const end = nextAfter(wanted.version, wanted.parts);
  switch (operator) {
    case ">=":
      return order >= 0;
    case ">":
      return compare(version, end) >= 0;
    case "<=":
      return compare(version, end) < 0;
    case "<":
      return order < 0;
    case "^":
      return order >= 0 && compare(version, nextAfter(wanted.version, wanted.version[0] > 0 ? 1 : 2)) < 0;
    case "~":
      return order >= 0 && compare(version, nextAfter(wanted.version, Math.min(wanted.parts, 2))) < 0;
    default:
      return order >= 0 && compare(version, end) < 0;
  }
}

/**
 * Whether a version fits a range as package.json's `engines` has them: comparators, `^`, `~`, `24.x`, joined by spaces
 * and `||`. Undefined for a version or range that is written otherwise.
 */
export function fitsRange(text: string, range: string): boolean | undefined {
  const version = parse(text)?.version;
  if (version === undefined) return undefined;
  const alternatives = range.split("||").map((alternative) => {
    const comparators = alternative
      .trim()
      .replaceAll(/(>=|<=|>|<|=|\^|~)\s+/g, "$1")
      .split(/\s+/);
    const answers = comparators.map((comparator) => fits(version, comparator));
    return answers.includes(undefined) ? undefined : answers.every(Boolean);
  });
  return alternatives.includes(undefined) ? undefined : alternatives.some(Boolean);
}
