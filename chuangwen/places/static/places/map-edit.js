// Changing the register on the map: move a point, draw a line or an area anew, enter a new place. Whatever is saved can
// be taken back from the message that says so. What the server refuses is said in its own words, where the hand is.
import { Problem } from "./map-ask.js";
import { clearDraft, draw } from "./map-draw.js";

const EARTH = 6_371_008.8;
const STEP = 2;

function metresBetween([lon, lat], [otherLon, otherLat]) {
  const radians = Math.PI / 180;
  const x = (otherLon - lon) * radians * Math.cos(((lat + otherLat) / 2) * radians);
  return Math.round(Math.hypot(x, (otherLat - lat) * radians) * EARTH);
}

export class Editor {
  constructor(parts) {
    Object.assign(this, parts, { busy: false, geometry: null });
    this.form = this.find("form");
  }

  // While a hand is at something the map answers no other click, and no second red button asks for one.
  hold(busy) {
    this.busy = busy;
    this.page.classList.toggle("is-busy", busy);
  }

  // ---- moving a point

  move(feature) {
    const map = this.map();
    const { name } = feature.properties;
    const from = feature.geometry.coordinates;
    this.close();
    this.hold(true);
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "cw-drag";
    handle.setAttribute("aria-label", this.word("drag", { name }));
    const marker = new this.maplibre.Marker({ element: handle, draggable: true }).setLngLat(from).addTo(map);
    const where = () => marker.getLngLat().toArray().map((each) => Number(each.toFixed(7)));
    const end = () => {
      marker.remove();
      clearDraft(map);
      this.hold(false);
      this.task("");
    };
    const cancel = () => {
      end();
      this.find("list").focus();
    };
    const save = async () => {
      const to = { type: "Point", coordinates: where() };
      if (await this.put(feature, to, "moved")) end();
    };
    const show = () => {
      const to = where();
      const line = { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [from, to] } };
      map.getSource("draft").setData({ type: "FeatureCollection", features: [line] });
      const text = this.word("dragged", { name, n: metresBetween(from, to) });
      this.task(text, [[this.word("save"), save, true], [this.word("cancel"), cancel]]);
    };
    marker.on("drag", show);
    marker.on("dragend", show);
    handle.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
      if (event.key === "Escape") cancel();
      else if (event.key === "Enter") save();
      else if (steps[event.key]) {
        const at = map.project(marker.getLngLat());
        marker.setLngLat(map.unproject([at.x + steps[event.key][0], at.y + steps[event.key][1]]));
        show();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.task(this.word("drag", { name }), [[this.word("cancel"), cancel]]);
    handle.focus({ preventScroll: true });
  }

  // ---- drawing the shape of a place anew

  async redraw(feature) {
    const shape = feature.geometry.type.endsWith("LineString") ? "line" : "area";
    this.close();
    const geometry = await this.drawn(shape);
    if (geometry) await this.put(feature, geometry, "redrawn");
    clearDraft(this.map());
  }

  async drawn(shape) {
    const controls = {};
    const map = this.map();
    const told = (count, enough) => {
      const text = count ? this.word("corners", { n: count }) : this.word(`draw-${shape}`);
      const buttons = [[this.word("cancel"), () => controls.cancel()]];
      if (count) buttons.unshift([this.word("undo-corner"), () => controls.undo()]);
      if (enough && shape !== "point") buttons.unshift([this.word("done"), () => controls.finish()]);
      this.task(text, buttons);
    };
    this.hold(true);
    this.find("cross").hidden = false;
    told(0, false);
    const geometry = await draw(map, shape, { told, controls });
    this.find("cross").hidden = true;
    this.hold(false);
    this.task("");
    return geometry;
  }

  // Saves; the message offers to take it back. Answers whether it was saved.
  async put(feature, geometry, said) {
    const { uid, name } = feature.properties;
    try {
      const was = feature.geometry;
      const answer = await this.send(uid, geometry, was);
      const now = answer.place.geometry;
      this.toast(this.word(said, { name, n: answer.metres }), [[this.word("undo"), () => this.takeBack(uid, name, was, now)]]);
      this.find("fault").hidden = true;
      this.refresh();
      return true;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.toast(problem.sentence);
      this.fault(problem);
      return false;
    }
  }

  send(uid, geometry, was) {
    const fields = { geometry: JSON.stringify(geometry), was: JSON.stringify(was) };
    return this.ask(this.addressOf(this.page.dataset.move, uid), { fields });
  }

  async takeBack(uid, name, geometry, was) {
    try {
      await this.send(uid, geometry, was);
      this.toast(this.word("back", { name }));
      this.refresh();
    } catch (problem) {
      this.fault(problem);
    }
  }

  // ---- a new place

  listen() {
    if (!this.form) return;
    const by = (id) => document.getElementById(id);
    this.find("new").addEventListener("click", () => this.openForm());
    by("new-cancel").addEventListener("click", () => this.closeForm());
    by("new-draw").addEventListener("click", () => this.drawNew());
    by("new-type").addEventListener("change", () => this.keep(null));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add();
    });
  }

  openForm() {
    this.close();
    // Made here and now: however often 保存 is pressed, it is the same place.
    this.uid = crypto.randomUUID ? crypto.randomUUID() : madeUid();
    this.form.hidden = false;
    this.page.classList.add("is-adding", "is-up");
    this.keep(null);
    document.getElementById("new-type").focus();
  }

  closeForm() {
    this.form.hidden = true;
    this.form.reset();
    this.say("");
    this.page.classList.remove("is-adding", "is-up");
    clearDraft(this.map());
    this.find("new").focus();
  }

  keep(geometry) {
    this.geometry = geometry;
    document.getElementById("new-drawn").textContent = this.word(geometry ? "drawn" : "not-drawn");
    if (!geometry) clearDraft(this.map());
  }

  say(text) {
    const box = document.getElementById("new-fault");
    box.textContent = text;
    box.hidden = !text;
  }

  async drawNew() {
    const type = document.getElementById("new-type");
    this.keep(null);
    this.page.classList.remove("is-up");
    const geometry = await this.drawn(type.selectedOptions[0].dataset.shape);
    this.page.classList.add("is-up");
    this.keep(geometry);
    document.getElementById("new-name").focus();
  }

  async add() {
    if (!this.geometry) {
      this.say(this.word("not-drawn"));
      return;
    }
    const fields = { ...Object.fromEntries(new FormData(this.form)), uid: this.uid, geometry: JSON.stringify(this.geometry) };
    try {
      const { place } = await this.ask(this.page.dataset.add, { fields });
      const { uid, name } = place.properties;
      const open = this.page.dataset.place ? [[this.word("open"), null, this.addressOf(this.page.dataset.place, uid)]] : [];
      this.toast(this.word("added", { name }), open);
      this.closeForm();
      this.refresh();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.say(problem.sentence);
    }
  }
}

// For pages opened without https, where browsers offer no randomUUID.
function madeUid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
