// The map's signs: one outline and one character for each group of types, the same in map, list and legend.
// Colours come from the page's own custom properties, so that tokens stay the only place where they are said.

// In a square of 24; a group's number chooses one.
const OUTLINES = [
  "M5 1.5h14v2h3.5v17H19v2H5v-2H1.5v-17H5z",
  "M6 2h12a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z",
  "M12 .8 23.2 12 12 23.2.8 12z",
  "M2.5 2.5h19v19h-19z",
  "M12 1.5a10.5 10.5 0 1 0 0 21 10.5 10.5 0 1 0 0-21z",
  "M7.5 1.5h9l6 6v9l-6 6h-9l-6-6v-9z",
  "M12 .8 23 10v12.5H1V10z",
  "M6.2 2h11.6L23.4 12l-5.6 10H6.2L.6 12z",
];
const DENSE = 3;

export function colours(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--cw-${name}`).trim();
}

export function fonts(element, name) {
  const list = getComputedStyle(element).getPropertyValue(name);
  return list.split(",").map((font) => font.trim().replace(/^["']|["']$/g, "")).filter(Boolean);
}

export function svgSymbol(number, sign, { closed = false } = {}) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `cw-sym cw-sym--${number}${closed ? " is-closed" : ""}`);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", OUTLINES[number]);
  const text = document.createElementNS(space, "text");
  text.setAttribute("x", "12");
  text.setAttribute("y", number === 6 ? "18.5" : "16.3");
  text.textContent = sign;
  svg.append(path, text);
  return svg;
}

// An image for the map, drawn three times as large as it is shown, for dense screens.
export function icon(number, sign, { ink, paper, font, closed = false }) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 28 * DENSE;
  const pen = canvas.getContext("2d");
  pen.scale(DENSE, DENSE);
  pen.translate(2, 2);
  const outline = new Path2D(OUTLINES[number]);
  pen.lineJoin = "round";
  pen.strokeStyle = paper;
  pen.lineWidth = 4;
  pen.stroke(outline);
  pen.fillStyle = paper;
  pen.fill(outline);
  pen.strokeStyle = ink;
  pen.lineWidth = 1.6;
  if (closed) pen.setLineDash([3, 2.5]);
  pen.stroke(outline);
  pen.fillStyle = ink;
  pen.font = `700 12px ${font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(sign, 12, number === 6 ? 14.8 : 12.6);
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), options: { pixelRatio: DENSE } };
}
