// Drawing by hand on a map: a point, a line or an area by its corners, or a lasso in one stroke.
// Pointer: click sets a corner, a double click ends. Keys, wherever the focus is on the map: space sets a corner at the
// cross in the middle, Enter ends, Backspace takes the last corner back, Escape gives up.
import { NOTHING } from "./map-style.js";

const LEAST = { point: 1, line: 2, area: 3 };
const SAME = 5;

function feature(type, coordinates) {
  return { type: "Feature", properties: {}, geometry: { type, coordinates } };
}

export function geometryOf(shape, corners) {
  if (shape === "point") return { type: "Point", coordinates: corners[0] };
  if (shape === "line") return { type: "LineString", coordinates: corners };
  return { type: "Polygon", coordinates: [[...corners, corners[0]]] };
}

function draft(map, corners, pointer, closed) {
  const line = pointer ? [...corners, pointer] : corners;
  const features = corners.map((corner) => feature("Point", corner));
  if (closed && line.length > 2) features.push(feature("Polygon", [[...line, line[0]]]));
  else if (line.length > 1) features.push(feature("LineString", line));
  map.getSource("draft").setData({ type: "FeatureCollection", features });
}

// Resolves with GeoJSON, or with null when given up. `told(corners)` is called after each corner;
// `controls.finish()` and `controls.cancel()` are for buttons.
export function draw(map, shape, { told = () => {}, controls = {} } = {}) {
  return new Promise((resolve) => {
    const corners = [];
    const canvas = map.getCanvas();
    const flat = (point) => [Number(point.lng.toFixed(7)), Number(point.lat.toFixed(7))];
    const near = (one, other) => {
      const [a, b] = [map.project(one), map.project(other)];
      return Math.hypot(a.x - b.x, a.y - b.y) < SAME;
    };
    const show = (pointer) => {
      draft(map, corners, pointer, shape === "area");
      told(corners.length, corners.length >= LEAST[shape]);
    };
    const add = (corner) => {
      if (corners.length && near(corners.at(-1), corner)) return;
      corners.push(corner);
      show();
      if (shape === "point") end(true);
    };
    const end = (kept) => {
      if (kept && corners.length < LEAST[shape]) return;
      for (const [name, handler] of Object.entries(pointer)) map.off(name, handler);
      map.getContainer().removeEventListener("keydown", pressed, true);
      map.doubleClickZoom.enable();
      canvas.classList.remove("is-drawing");
      resolve(kept ? geometryOf(shape, corners) : null);
    };
    const pointer = {
      click: (event) => add(flat(event.lngLat)),
      mousemove: (event) => corners.length && show(flat(event.lngLat)),
      dblclick: (event) => {
        event.preventDefault();
        end(true);
      },
    };
    const keys = {
      Enter: () => end(true),
      Escape: () => end(false),
      Backspace: () => {
        corners.pop();
        show();
      },
      " ": () => add(flat(map.getCenter())),
    };
    const pressed = (event) => {
      if (event.target !== canvas || !keys[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    };
    controls.finish = () => end(true);
    controls.cancel = () => end(false);
    controls.undo = keys.Backspace;
    map.doubleClickZoom.disable();
    for (const [name, handler] of Object.entries(pointer)) map.on(name, handler);
    map.getContainer().addEventListener("keydown", pressed, true);
    canvas.classList.add("is-drawing");
    canvas.focus();
  });
}

// One stroke around things: resolves with a Polygon, or with null when given up.
export function lasso(map, controls = {}) {
  return new Promise((resolve) => {
    const trail = [];
    const canvas = map.getCanvas();
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const point = map.unproject([event.clientX - box.left, event.clientY - box.top]);
      return [point.lng, point.lat];
    };
    const end = (kept) => {
      for (const [name, handler] of Object.entries(handlers)) canvas.removeEventListener(name, handler, true);
      document.removeEventListener("keydown", pressed, true);
      map.dragPan.enable();
      map.boxZoom.enable();
      map.touchZoomRotate.enable();
      map.touchZoomRotate.disableRotation();
      canvas.classList.remove("is-drawing");
      resolve(kept && trail.length > 2 ? geometryOf("area", trail) : null);
    };
    const handlers = {
      pointerdown(event) {
        event.preventDefault();
        canvas.setPointerCapture(event.pointerId);
        trail.push(at(event));
      },
      pointermove(event) {
        if (!trail.length) return;
        trail.push(at(event));
        map.getSource("draft").setData({ type: "FeatureCollection", features: [feature("Polygon", [[...trail, trail[0]]])] });
      },
      pointerup: () => trail.length && end(true),
      pointercancel: () => end(false),
    };
    const pressed = (event) => {
      if (event.key === "Escape") end(false);
    };
    controls.cancel = () => end(false);
    map.dragPan.disable();
    map.boxZoom.disable();
    map.touchZoomRotate.disable();
    for (const [name, handler] of Object.entries(handlers)) canvas.addEventListener(name, handler, true);
    document.addEventListener("keydown", pressed, true);
    canvas.classList.add("is-drawing");
  });
}

// Draws the shape that an address holds: lon_lat_lon_lat….
export function showToken(map, token) {
  const numbers = token.split("_").map(Number);
  const corners = numbers.flatMap((lon, at) => (at % 2 ? [] : [[lon, numbers[at + 1]]]));
  map.getSource("draft").setData({ type: "FeatureCollection", features: [feature("Polygon", [[...corners, corners[0]]])] });
}

export function clearDraft(map) {
  map.getSource("draft").setData(NOTHING);
}
