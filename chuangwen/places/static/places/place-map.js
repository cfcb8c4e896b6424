// A small map on any page: shows one geometry, or lets one be drawn into a form. Put there by the template tags
// `place_map` and `place_picker`; every element with `data-place-map` becomes one. Its parameters:
//   data-ground      address of the base map (GeoJSON)
//   data-box         west,south,east,north: where it looks while there is no geometry
//   data-geometry    GeoJSON to show; or, to draw:
//   data-field       id of the input that holds the geometry as GeoJSON text
//   data-type-field  id of the select whose value says the shape, by data-shapes: {"value": "point|line|area"}
//   data-lon-field, data-lat-field   ids of inputs for the numbers of a point
//   data-tap         "yes" where one tap sets the point, without a button before it
//   data-system-field  id of the select of the numbers' coordinate system; what is drawn is WGS-84 and sets it so
// Whoever changes one of the inputs sees the map follow; what is drawn fills them and tells them with `change`.
import * as maplibre from "../maplibre-gl/maplibre-gl.mjs";
import { asker, wordsOf } from "./map-ask.js";
import { clearDraft, draw } from "./map-draw.js";
import { NOTHING, styleOf } from "./map-style.js";

const CLOSE = 16;

function read(text) {
  try {
    const found = JSON.parse(text);
    return found && Array.isArray(found.coordinates) && found.coordinates.length ? found : null;
  } catch {
    return null;
  }
}

function boundsOf(geometry) {
  const flat = geometry.coordinates.flat(Infinity);
  const bounds = new maplibre.LngLatBounds();
  for (let at = 0; at + 1 < flat.length; at += 2) bounds.extend([flat[at], flat[at + 1]]);
  return bounds;
}

class PlaceMap {
  constructor(element) {
    const input = (name) => document.getElementById(element.dataset[name] || "-");
    this.element = element;
    this.bar = element.querySelector(".cw-placemap__bar");
    this.word = wordsOf(element);
    this.ask = asker(this.word, "");
    this.field = input("field");
    this.type = input("typeField");
    this.numbers = [input("lonField"), input("latField")];
    this.system = input("systemField");
    this.shapes = JSON.parse(element.dataset.shapes);
  }

  async start() {
    const ground = await this.ask(this.element.dataset.ground);
    const box = this.element.dataset.box.split(",").map(Number);
    const geometry = this.geometry();
    try {
      this.map = new maplibre.Map({
        container: this.element.querySelector(".cw-placemap__map"), style: styleOf(ground, document.documentElement),
        bounds: geometry ? boundsOf(geometry) : box.length === 4 ? box : undefined,
        fitBoundsOptions: { padding: 48, maxZoom: CLOSE }, attributionControl: false, dragRotate: false,
        pitchWithRotate: false, touchPitch: false, maxZoom: 19, localIdeographFontFamily: false, fadeDuration: 0,
        cooperativeGestures: false, scrollZoom: Boolean(this.field), locale: { "Map.Title": this.word("keys") },
      });
    } catch {
      this.say(this.word("no-map"));
      return;
    }
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new maplibre.ScaleControl({ maxWidth: 80 }), "bottom-right");
    this.map.on("load", () => {
      this.show();
      if (this.field) this.listen();
      this.element.dataset.ready = "yes";
    });
  }

  geometry() {
    return read(this.field ? this.field.value : this.element.dataset.geometry);
  }

  shape() {
    return this.shapes[this.type?.value] ?? "point";
  }

  say(text, buttons = []) {
    const words = document.createElement("span");
    words.textContent = text;
    this.bar.replaceChildren(words, ...buttons.map(([label, act]) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "cw-btn", textContent: label });
      button.addEventListener("click", act);
      return button;
    }));
  }

  show({ look = false } = {}) {
    const geometry = this.geometry();
    const feature = geometry && { type: "Feature", properties: {}, geometry };
    this.map.getSource("chosen").setData(feature ?? NOTHING);
    if (geometry?.type === "Point") this.map.getSource("draft").setData(feature);
    else clearDraft(this.map);
    if (look && geometry) this.map.fitBounds(boundsOf(geometry), { padding: 48, maxZoom: CLOSE });
    if (!this.field) return;
    if (this.element.dataset.tap) {
      this.say(this.word(geometry ? "drawn" : "not-drawn"), [[this.word("take-centre"), () => this.tapped(this.map.getCenter())]]);
      return;
    }
    this.say(this.word(geometry ? "drawn" : "not-drawn"), [[this.word(geometry ? "redraw" : "draw"), () => this.draw()]]);
  }

  listen() {
    this.field.addEventListener("input", () => this.show({ look: true }));
    if (this.element.dataset.tap) this.map.on("click", (event) => this.tapped(event.lngLat));
    for (const number of this.numbers) number?.addEventListener("input", () => this.typed());
    this.system?.addEventListener("change", () => this.typed());
    const geometry = this.geometry();
    if (geometry?.type === "Point") this.fill(geometry);
  }

  tapped({ lng, lat }) {
    this.field.value = JSON.stringify({ type: "Point", coordinates: [Number(lng.toFixed(6)), Number(lat.toFixed(6))] });
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.show();
  }

  // The numbers of a point were typed.
  typed() {
    const [lon, lat] = this.numbers.map((input) => Number.parseFloat(input.value));
    if (!Number.isFinite(lon) || !Number.isFinite(lat)) return;
    this.field.value = JSON.stringify({ type: "Point", coordinates: [lon, lat] });
    // In another system the point would stand some hundred metres beside itself.
    if (this.system && this.system.value !== "wgs84") return;
    if (Math.abs(lat) <= 90 && Math.abs(lon) <= 180) this.show({ look: true });
  }

  fill(geometry) {
    const point = geometry.type === "Point" ? geometry.coordinates : ["", ""];
    this.numbers.forEach((input, at) => {
      if (input) input.value = point[at];
    });
  }

  async draw() {
    const shape = this.shape();
    const controls = {};
    const told = (count, enough) => {
      const buttons = [[this.word("cancel"), () => controls.cancel()]];
      if (count) buttons.unshift([this.word("undo-corner"), () => controls.undo()]);
      if (enough && shape !== "point") buttons.unshift([this.word("done"), () => controls.finish()]);
      this.say(count ? this.word("corners", { n: count }) : this.word(`draw-${shape}`), buttons);
    };
    this.map.getSource("chosen").setData(NOTHING);
    clearDraft(this.map);
    told(0, false);
    const geometry = await draw(this.map, shape, { told, controls });
    clearDraft(this.map);
    if (geometry) {
      this.field.value = JSON.stringify(geometry);
      if (this.system) this.system.value = "wgs84";
      this.fill(geometry);
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.show();
  }
}

for (const element of document.querySelectorAll("[data-place-map]")) {
  const made = new PlaceMap(element);
  made.start().catch((problem) => made.say(problem.sentence ?? problem.message));
}
