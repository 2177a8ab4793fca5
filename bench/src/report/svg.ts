/** A point or a place in a chart, in pixels from the upper left. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The colours of the bars or lines of a chart, told apart by people who see few colours too (Okabe and Ito 2008). */
export const palette = ["#0072b2", "#e69f00", "#009e73", "#cc79a7"] as const;

// A chart is shown as an image, so it brings its own colours for a light and a dark page.
const style = `text { font: 12px sans-serif; fill: #1f2328; } .title { font-weight: bold; font-size: 14px; }
.axis { stroke: #8c959f; stroke-width: 1; } .limit { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 4 3; }
.page { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .page { fill: #0d1117; } }`;

/** A whole SVG image of a chart, with `title` for those who do not see it. */
export function svgDocument(title: string, width: number, height: number, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    text(title, { x: 12, y: 22 }, { className: "title" }),
    ...body,
    "</svg>\n",
  ].join("\n");
}

/** A line of text; `anchor` is the part of it that is at the place. */
export function text(
  content: string,
  { x, y }: Place,
  { anchor = "start", className }: { anchor?: "start" | "middle" | "end"; className?: string } = {},
): string {
  const of = className === undefined ? "" : ` class="${className}"`;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${of}>${escaped(content)}</text>`;
}

/** A straight line of a class of the style: "axis" or "limit". */
export function line(from: Place, to: Place, className: "axis" | "limit"): string {
  return `<line x1="${round(from.x)}" y1="${round(from.y)}" x2="${round(to.x)}" y2="${round(to.y)}" class="${className}"/>`;
}

/** A filled rectangle. */
export function rectangle({ x, y }: Place, width: number, height: number, fill: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${fill}"/>`;
}

/** A line through points, with a dot on each. */
export function curve(points: readonly Place[], stroke: string): string {
  const path = points.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ");
  const dots = points.map(({ x, y }) => `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${stroke}"/>`);
  return [`<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="2"/>`, ...dots].join("\n");
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function escaped(content: string): string {
  return content.replace(/[&<>]/g, (character) => `&#${character.codePointAt(0)};`);
}
