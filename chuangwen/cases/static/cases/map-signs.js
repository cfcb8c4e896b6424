// The signs of cases on the map: ○ ◐ ◇ ✓ ▲ ‖ in the colours of the look, and heaps whose red arc is the overdue share.

const DENSE = 3;
export const MARKS = ["new", "doing", "check", "done", "over", "hold"];
// In how many steps the share of overdue ones is drawn.
export const STEPS = 16;
// Radius of a heap on the screen, and from how many cases on it is of that size.
export const SIZES = [[0, 15], [10, 19], [50, 24], [200, 30]];

function pen(side) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * DENSE;
  const found = canvas.getContext("2d");
  found.scale(DENSE, DENSE);
  found.lineJoin = found.lineCap = "round";
  return found;
}

const imageOf = (drawn, side) => ({
  image: drawn.getImageData(0, 0, side * DENSE, side * DENSE), options: { pixelRatio: DENSE },
});

const OUTLINES = {
  new: "M12 6a6 6 0 1 0 0 12 6 6 0 1 0 0-12z",
  doing: "M12 6a6 6 0 1 0 0 12 6 6 0 1 0 0-12z",
  check: "M12 4.5 19.5 12 12 19.5 4.5 12z",
  done: "M5.5 12.5 10 17.5 19 7",
  over: "M12 4.5 20 19H4z",
  hold: "M8.5 6v12M15.5 6v12",
};

// The sign of a state on a pale edge, so that it stands out from streets.
export function sign(mark, ink, paper) {
  const drawn = pen(24);
  const outline = new Path2D(OUTLINES[mark]);
  const bare = mark === "done" || mark === "hold";
  drawn.strokeStyle = paper;
  drawn.lineWidth = bare ? 7 : 6;
  drawn.stroke(outline);
  drawn.fillStyle = mark === "over" ? ink : paper;
  if (!bare) drawn.fill(outline);
  drawn.strokeStyle = ink;
  drawn.lineWidth = mark === "over" ? 1 : bare ? 3.2 : 2.6;
  drawn.stroke(outline);
  if (mark === "doing") {
    drawn.fillStyle = ink;
    drawn.fill(new Path2D("M12 6a6 6 0 0 0 0 12z"));
  }
  return imageOf(drawn, 24);
}

// A heap of that size; `step` of STEPS of its edge are overdue, clockwise from the top.
export function heap(size, step, { ink, red, paper }) {
  const [, radius] = SIZES[size];
  const side = 2 * radius + 8;
  const drawn = pen(side);
  const arc = (from, to) => {
    drawn.beginPath();
    drawn.arc(side / 2, side / 2, radius, from, to);
  };
  arc(0, 2 * Math.PI);
  drawn.fillStyle = paper;
  drawn.fill();
  drawn.strokeStyle = ink;
  drawn.lineWidth = 1.25;
  drawn.stroke();
  if (step) {
    arc(-Math.PI / 2, -Math.PI / 2 + (2 * Math.PI * step) / STEPS);
    drawn.strokeStyle = red;
    drawn.lineWidth = 4;
    drawn.stroke();
  }
  return imageOf(drawn, side);
}

// The layers of cases, on the ground of places/map-style.js.
export function layers(ink, bold) {
  const count = ["coalesce", ["get", "count"], ["get", "point_count"]];
  const share = ["ceil", ["/", ["*", STEPS, ["get", "late"]], count]];
  const size = ["step", count, "0", ...SIZES.slice(1).flatMap(([from], at) => [from, String(at + 1)])];
  const free = { "icon-allow-overlap": true, "icon-ignore-placement": true };
  const heaps = (id, source, filter) => ({
    id, type: "symbol", source, ...(filter ? { filter } : {}),
    layout: {
      ...free, "icon-image": ["concat", "heap-", size, "-", ["to-string", share]], "text-field": ["to-string", count],
      "text-font": bold, "text-size": 15, "text-allow-overlap": true, "text-ignore-placement": true,
    },
    paint: { "text-color": ink("ink") },
  });
  const ring = { "circle-radius": 15, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": ink("ink"), "circle-stroke-width": 1.5 };
  return [
    {
      id: "case", type: "symbol", source: "cases", filter: ["!", ["has", "point_count"]],
      // What is late lies on top of what is not.
      layout: { ...free, "icon-image": ["concat", "mark-", ["get", "mark"]], "symbol-sort-key": ["case", ["get", "late"], 1, 0] },
    },
    heaps("cluster", "cases", ["has", "point_count"]),
    heaps("cell", "cells"),
    { id: "chosen-ring", type: "circle", source: "chosen", paint: ring },
  ];
}
