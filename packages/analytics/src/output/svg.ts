/** A place in a picture, in pixels from the upper left. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** How a series is drawn: told apart by colour, by dashes and mark, and by the pattern of its bars. */
export interface SeriesLook {
  /** Class of the colour in the style of the picture. */
  readonly colour: string;
  readonly dashes: string;
  readonly mark: "circle" | "square" | "triangle" | "diamond";
  /** Id of the fill of bars. */
  readonly fill: string;
}

// Colours that people who see few of them tell apart (Okabe and Ito 2008); never the only difference.
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"] as const;
const marks = ["circle", "square", "triangle", "diamond"] as const;
const dashes = ["", "8 3", "2 3", "8 3 2 3"] as const;

// A picture is shown as it is, on its own or in a page, so it brings its colours for light and dark.
const style = `text { font: 12px system-ui, sans-serif; fill: #1f2328; } .title { font-weight: 600; font-size: 15px; } .panel { font-weight: 600; }
.quiet { fill: #59636e; } .page { fill: #ffffff; } .grid { stroke: #d1d9e0; } .axis { stroke: #818b98; }
${colours.map((colour, index) => `.s${index} { stroke: ${colour}; } .f${index} { fill: ${colour}; }`).join(" ")}
@media (prefers-color-scheme: dark) { text { fill: #f0f6fc; } .quiet { fill: #9198a1; } .page { fill: #0d1117; } .grid { stroke: #3d444d; } .axis { stroke: #9198a1; } }`;

// Stripes in four directions, so that bars of different series differ without colour too.
const stripes = ["", "M0 8L8 0", "M0 0L8 8", "M0 4H8", "M4 0V8", "M0 8L8 0M0 0L8 8"] as const;

/** The look of the nth series; `derived` ones are dashed, with the colour of what they are derived from. */
export function lookOf(index: number, derived = false): SeriesLook {
  const colour = index % colours.length;
  return {
    colour: String(colour),
    dashes: derived ? "6 4" : (dashes[index % dashes.length] ?? ""),
    mark: marks[index % marks.length] ?? "circle",
    fill: `p${colour}`,
  };
}

/** What a whole picture is made of. */
export interface Picture {
  readonly title: string;
  /** What it shows in words. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly body: readonly string[];
}

/** Writes a picture as SVG, with title and description for those who do not see it. */
export function svgPicture({ title, description, width, height, body }: Picture): string {
  // Several pictures may be in one page, where each id has to be there once.
  const id = `c${hashOfText(`${title}\n${description}`)}`;
  const patterns = stripes.map(
    (path, index) =>
      `<pattern id="${id}p${index}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" class="f${index}"/>${path === "" ? "" : `<path d="${path}" stroke="#ffffff" stroke-width="1.5" opacity="0.75"/>`}</pattern>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="img" aria-labelledby="${id}t ${id}d">`,
    `<title id="${id}t">${escapeText(title)}</title>`,
    `<desc id="${id}d">${escapeText(description)}</desc>`,
    `<style>${style}</style>`,
    `<defs>${patterns.join("")}</defs>`,
    `<rect class="page" width="${round(width)}" height="${round(height)}"/>`,
    svgText(title, { x: 16, y: 26 }, { className: "title" }),
    ...body.map((part) => part.replaceAll("url(#p", `url(#${id}p`)),
    "</svg>\n",
  ].join("\n");
}

/** Text of a picture; `anchor` is the part of it that is at the place. */
export function svgText(
  content: string,
  { x, y }: Place,
  { anchor = "start", className }: { anchor?: "start" | "middle" | "end"; className?: string } = {},
): string {
  const of = className === undefined ? "" : ` class="${className}"`;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${of}>${escapeText(content)}</text>`;
}

/** A thin straight line of the frame. */
export function svgLine(from: Place, to: Place, className: "axis" | "grid"): string {
  return `<line x1="${round(from.x)}" y1="${round(from.y)}" x2="${round(to.x)}" y2="${round(to.y)}" class="${className}"/>`;
}

/** A filled bar. */
export function svgBar({ x, y }: Place, width: number, height: number, look: SeriesLook): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="url(#${look.fill})" class="s${look.colour}"/>`;
}

/** A line with a mark on each point. Where there is no point the line has a gap. */
export function svgCurve(points: readonly (Place | null)[], look: SeriesLook): string {
  const dashed = look.dashes === "" ? "" : ` stroke-dasharray="${look.dashes}"`;
  const pieces = runs(points).map(
    (run) =>
      `<polyline points="${run.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ")}" fill="none" stroke-width="2" class="s${look.colour}"${dashed}/>`,
  );
  const marked = points.flatMap((point) => (point === null ? [] : [svgMark(point, look)]));
  return [...pieces, ...marked].join("\n");
}

/** The mark of a series. */
export function svgMark({ x, y }: Place, { mark, colour }: SeriesLook): string {
  const of = `class="f${colour}"`;
  switch (mark) {
    case "circle":
      return `<circle cx="${round(x)}" cy="${round(y)}" r="3" ${of}/>`;
    case "square":
      return `<rect x="${round(x - 3)}" y="${round(y - 3)}" width="6" height="6" ${of}/>`;
    case "triangle":
      return `<path d="M${round(x)} ${round(y - 4)}l4 7h-8z" ${of}/>`;
    case "diamond":
      return `<path d="M${round(x)} ${round(y - 4)}l4 4l-4 4l-4 -4z" ${of}/>`;
  }
}

/** Text as XML and HTML take it; what neither can hold is left out. */
export function escapeText(content: string): string {
  return [...content]
    .filter((character) => character >= " " || character === "\n" || character === "\t")
    .join("")
    .replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function runs(points: readonly (Place | null)[]): Place[][] {
  const all: Place[][] = [[]];
  for (const point of points) {
    if (point === null) all.push([]);
    else all.at(-1)?.push(point);
  }
  return all.filter((run) => run.length > 1);
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

// FNV-1a: short, and the same for the same text.
function hashOfText(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36);
}
