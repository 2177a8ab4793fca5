const nul = "\0";
const mark = "\u0001";

/**
 * Text as a database server can keep it. Servers refuse NUL or lone surrogates in text; bytes would take them, but
 * nobody could read a row in the database's own shell. So the few characters in question are written behind a mark,
 * U+0001, in a way that keeps the order of texts: all other text is stored as it is.
 */
export function escapeText(text: string): string {
  if (!text.includes(nul) && !text.includes(mark) && text.isWellFormed()) return text;
  let escaped = "";
  for (const character of text) escaped += escapedCharacter(character);
  return escaped;
}

/** The inverse of {@link escapeText}. */
export function unescapeText(escaped: string): string {
  if (!escaped.includes(mark)) return escaped;
  const [start = "", ...rest] = escaped.split(mark);
  return start + rest.map(unescapedPart).join("");
}

function escapedCharacter(character: string): string {
  if (character === nul) return `${mark}0`;
  if (character === mark) return `${mark}1`;
  return character.isWellFormed() ? character : mark + character.charCodeAt(0).toString(16);
}

/** What follows a mark: `0`, `1`, or the four hexadecimal digits of a surrogate, all of which begin with `d`. */
function unescapedPart(part: string): string {
  if (part[0] === "0") return nul + part.slice(1);
  if (part[0] === "1") return mark + part.slice(1);
  return String.fromCharCode(Number.parseInt(part.slice(0, 4), 16)) + part.slice(4);
}
