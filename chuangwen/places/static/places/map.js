// The map page: ground, places in view, list beside it, call-out, selection. Editing is in map-edit.js.
import * as maplibre from "../maplibre-gl/maplibre-gl.mjs";
import { Problem, asker, wordsOf } from "./map-ask.js";
import { task, toast } from "./map-say.js";
import { clearDraft, geometryOf, lasso, showToken } from "./map-draw.js";
import { Editor } from "./map-edit.js";
import { PlaceList, namer } from "./map-list.js";
import { NOTHING, styleOf } from "./map-style.js";
import { colours, fonts, icon, svgSymbol } from "./map-symbols.js";

const page = document.getElementById("map-page");
const find = (id) => document.getElementById(`map-${id}`);
const word = wordsOf(find("words"));
const ask = asker(word, page.querySelector("[name=csrfmiddlewaretoken]").value);
const numbers = (text) => (text ? text.split(",").map(Number) : null);
const CLICKABLE = ["single", "shape-line", "shape-fill"];
const HEAPS = ["cluster", "cell"];

const groups = new Map([...document.querySelectorAll("[data-group]")].map((button) => [
  button.dataset.group, { number: Number(button.dataset.number), sign: button.dataset.sign, button, on: true },
]));
const symbolOf = (name) => groups.get(name) ?? { number: 0, sign: name.slice(0, 1) };

let map = null;
let nameOf = null;
let features = [];
let heaps = [];
let answered = null;
let running = null;
let openCall = null;

const list = new PlaceList({
  list: find("list"), more: find("more"), empty: find("empty"), word,
  onPoint: (row) => paintChosen(row?.feature ?? openCall?.feature),
  onOpen: (row, byKey) => (row.count ? openHeap(row.feature) : open(row.feature, { byKey, go: true })),
});

function fault(problem) {
  if (problem.name === "AbortError") return;
  if (!(problem instanceof Problem)) throw problem;
  find("fault").textContent = problem.sentence;
  find("fault").hidden = false;
}

function queryWith(changes) {
  const query = new URLSearchParams(page.dataset.query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === "") query.delete(key);
    else query.set(key, value);
  }
  return query;
}

// The view, widened to whole tiles: while one pans within them nothing is asked and no heap falls apart differently.
function wanted() {
  if (!map) return { box: numbers(page.dataset.box) ?? [-180, -90, 180, 90], zoom: 10 };
  const zoom = map.getZoom();
  const size = 360 / 2 ** (Math.floor(zoom) + 1);
  const bounds = map.getBounds();
  const down = (value) => Math.floor(value / size) * size;
  const box = [down(bounds.getWest()), down(bounds.getSouth()), down(bounds.getEast()) + size, down(bounds.getNorth()) + size];
  return { box: box.map((each) => Number(each.toFixed(6))), zoom: Math.floor(zoom * 2) / 2 };
}

async function refresh({ again = false } = {}) {
  const { box, zoom } = wanted();
  const off = [...groups].filter(([, group]) => !group.on).map(([name]) => name).join(",");
  const address = `${page.dataset.places}?${queryWith({ bbox: box.join(","), zoom, off })}`;
  if (!again && address === answered) {
    showList();
    return;
  }
  running?.abort();
  running = new AbortController();
  page.dataset.still = "no";
  try {
    const said = await ask(address, { signal: running.signal });
    find("fault").hidden = true;
    answered = address;
    running = null;
    take(said);
  } catch (problem) {
    if (problem.name !== "AbortError") running = null;
    fault(problem);
  }
}

function boundsOf(feature) {
  const flat = feature.geometry.coordinates.flat(Infinity);
  const [lons, lats] = [flat.filter((_each, at) => at % 2 === 0), flat.filter((_each, at) => at % 2)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

function take(said) {
  features = said.features.filter((each) => !each.properties.cluster);
  heaps = said.features.filter((each) => each.properties.cluster);
  for (const feature of features) {
    const group = symbolOf(feature.properties.group);
    feature.properties.number = group.number;
    feature.properties.ink = colours(page)(`map-g${group.number}`);
    feature.bounds = boundsOf(feature);
  }
  features.clustered = said.clustered;
  features.total = said.total;
  if (map) {
    const collection = (found) => ({ type: "FeatureCollection", features: found });
    map.getSource("places").setData(collection(features.filter((each) => each.geometry.type === "Point")));
    map.getSource("shapes").setData(collection(features.filter((each) => each.geometry.type !== "Point")));
    map.getSource("cells").setData(collection(heaps));
  }
  showList();
}

function inView({ bounds: [west, south, east, north] }) {
  if (!map) return true;
  const view = map.getBounds();
  return west <= view.getEast() && east >= view.getWest() && south <= view.getNorth() && north >= view.getSouth();
}

function rowOf(feature) {
  const { uid, name, type_name: type, unit, closed, group } = feature.properties;
  const { number, sign } = symbolOf(group);
  return { key: uid, title: name, text: [type, unit, closed ? word("closed") : ""].filter(Boolean).join(" · "), number, sign, closed, feature };
}

function heapRow(feature) {
  const { cell, count } = feature.properties;
  const name = nameOf ? nameOf(feature.geometry.coordinates) : "";
  const many = word("cell", { n: count.toLocaleString() });
  return { key: cell, count, title: name ? word("around", { name }) : many, text: name ? many : "", feature };
}

function showList() {
  const shown = features.filter(inView);
  const total = features.clustered ? features.total : shown.length;
  const said = word(features.clustered ? "about" : "count", { n: total.toLocaleString() });
  if (find("count").textContent !== said) find("count").textContent = find("grip-text").textContent = said;
  shown.sort((one, other) => one.properties.name.localeCompare(other.properties.name, "zh", { numeric: true }));
  const lying = heaps.filter((each) => !map || map.getBounds().contains(each.geometry.coordinates));
  list.show([...lying.map(heapRow), ...shown.map(rowOf)], features.clustered);
  if (openCall) list.choose(openCall.feature.properties.uid);
}

function paintChosen(feature) {
  map?.getSource("chosen")?.setData(feature ?? NOTHING);
}

function middleOf({ properties: { lon, lat }, geometry }) {
  return lon === undefined ? geometry.coordinates : [lon, lat];
}

function openHeap(feature) {
  if (!map) return;
  // What comes back from the map itself has its lists as text.
  const { bounds } = feature.properties;
  const [west, south, east, north] = typeof bounds === "string" ? JSON.parse(bounds) : bounds;
  map.fitBounds([[west, south], [east, north]], { padding: 32, maxZoom: 18 });
}

function close({ back = false } = {}) {
  openCall?.marker.remove();
  openCall = null;
  paintChosen(null);
  if (back) find("list").focus();
}

const BESIDE = {
  right: { anchor: "left", offset: [34, 0] },
  left: { anchor: "right", offset: [-34, 0] },
  below: { anchor: "top", offset: [0, 34] },
};

// The call-out of a place, beside it; `byKey` puts the focus into it, `go` moves the map there if it is out of sight.
function open(feature, { byKey = false, go = false } = {}) {
  close();
  lower();
  const { uid, name, type_name: type, unit, closed, manages } = feature.properties;
  list.choose(uid);
  if (!map) {
    if (page.dataset.place) location.href = addressOf(page.dataset.place, uid);
    return;
  }
  const at = middleOf(feature);
  const width = map.getContainer().clientWidth;
  const narrow = width < 600;
  const side = narrow ? "below" : map.project(at).x < width - 300 ? "right" : "left";
  const box = document.createElement("div");
  box.className = `cw-call cw-call--${side}`;
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", name);
  const title = document.createElement("b");
  title.textContent = name;
  const text = document.createElement("span");
  text.textContent = [type, unit, closed ? word("closed") : ""].filter(Boolean).join(" · ");
  const acts = document.createElement("div");
  acts.append(...callActs(feature, uid, manages));
  box.append(title, text, acts);
  box.addEventListener("keydown", (event) => event.key === "Escape" && close({ back: true }));
  const marker = new maplibre.Marker({ element: box, ...BESIDE[side] });
  marker.setLngLat(at).addTo(map);
  openCall = { marker, feature };
  paintChosen(feature);
  if (narrow || (go && !map.getBounds().contains(at))) map.easeTo({ center: at });
  if (byKey) box.querySelector("a, button").focus();
}

// On a phone the sheet lies over the map: it goes down when there is something to see.
function lower(up = false) {
  page.classList.toggle("is-up", up);
  find("grip").setAttribute("aria-expanded", String(up));
}

const addressOf = (template, uid) => template.replace("00000000-0000-0000-0000-000000000000", uid);

function callActs(feature, uid, manages) {
  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "cw-verb";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  };
  const acts = [];
  if (page.dataset.place) {
    const link = document.createElement("a");
    link.className = "cw-link";
    link.href = addressOf(page.dataset.place, uid);
    link.textContent = word("open");
    acts.push(link);
  }
  if (manages) {
    const point = feature.geometry.type === "Point";
    acts.push(button(word(point ? "move" : "redraw"), () => (point ? editor.move(feature) : editor.redraw(feature))));
  }
  acts.push(button(word("close"), () => close({ back: true })));
  return acts;
}

async function select(polygon) {
  try {
    const said = await ask(`${page.dataset.selection}?${queryWith({ in: "" })}`, { fields: { geometry: JSON.stringify(polygon) } });
    if (!said.count) {
      toast(word("selected-none"));
      clearDraft(map);
      return;
    }
    const types = said.types.slice(0, 3).map((each) => `${each.name} ${each.count}`).join("，") + (said.types.length > 3 ? " …" : "");
    const address = `${page.dataset.list || location.pathname}?${queryWith({ in: said.in })}`;
    toast(word("selected", { n: said.count, types }), [[word("open-list"), null, address], [word("close"), () => clearDraft(map)]]);
  } catch (problem) {
    fault(problem);
  }
}

function drawLasso() {
  close();
  const controls = {};
  task(word("lasso"), [[word("cancel"), () => controls.cancel()]]);
  lasso(map, controls).then((polygon) => {
    task("");
    if (polygon) select(polygon);
    else clearDraft(map);
  });
}

function selectView() {
  const { _sw: sw, _ne: ne } = map.getBounds();
  const corners = [[sw.lng, sw.lat], [ne.lng, sw.lat], [ne.lng, ne.lat], [sw.lng, ne.lat]];
  select(geometryOf("area", corners));
}

function locate() {
  if (!navigator.geolocation || !window.isSecureContext) {
    toast(word("not-located"));
    return;
  }
  toast(word("locating"));
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      find("toast").hidden = true;
      map.easeTo({ center: [coords.longitude, coords.latitude], zoom: Math.max(map.getZoom(), 15.5) });
      new maplibre.Marker({ element: Object.assign(document.createElement("i"), { className: "cw-here-dot" }) })
        .setLngLat([coords.longitude, coords.latitude]).addTo(map);
    },
    () => toast(word("not-located")),
    { timeout: 15_000 },
  );
}

const whole = () => map.fitBounds(numbers(page.dataset.box) ?? [-180, -80, 180, 80], { padding: 16 });

function listen() {
  map.on("moveend", () => refresh());
  map.on("mousemove", ({ lngLat, point }) => {
    find("at").textContent = `${lngLat.lng.toFixed(5)}, ${lngLat.lat.toFixed(5)}`;
    const [under] = map.queryRenderedFeatures(point, { layers: [...HEAPS, ...CLICKABLE] });
    map.getCanvas().classList.toggle("is-over", Boolean(under));
    list.hint(under?.properties.uid);
  });
  map.on("click", async (event) => {
    if (map.getCanvas().classList.contains("is-drawing") || editor.busy) return;
    const [under] = map.queryRenderedFeatures(event.point, { layers: [...HEAPS, ...CLICKABLE] });
    if (!under) close();
    else if (under.layer.id === "cell") openHeap(under);
    else if (under.layer.id === "cluster") {
      const zoom = await map.getSource("places").getClusterExpansionZoom(under.properties.cluster_id);
      map.easeTo({ center: under.geometry.coordinates, zoom: zoom + 0.1 });
    } else open(features.find((each) => each.properties.uid === under.properties.uid));
  });
  map.getCanvas().addEventListener("keydown", (event) => event.key === "Escape" && close());
  for (const [id, act] of [["whole", whole], ["here", locate], ["lasso", drawLasso], ["view", selectView],
    ["in", () => map.zoomIn()], ["out", () => map.zoomOut()]]) find(id).addEventListener("click", act);
}

function listenToFilters() {
  for (const menu of document.querySelectorAll("[data-filter]")) {
    for (const link of menu.querySelectorAll("a")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        location.href = `?${queryWith({ [menu.dataset.filter]: link.dataset.value })}${location.hash}`;
        if (location.hash && link.getAttribute("aria-current")) location.reload();
      });
    }
    const now = menu.querySelector("[aria-current]");
    if (now && menu.dataset.filter === "type") find("type-now").textContent = now.textContent;
  }
  find("search").addEventListener("submit", (event) => {
    event.preventDefault();
    location.href = `?${queryWith({ q: event.target.q.value.trim() })}${location.hash}`;
  });
  for (const group of groups.values()) {
    group.button.prepend(svgSymbol(group.number, group.sign));
    group.button.addEventListener("click", () => {
      group.on = !group.on;
      group.button.setAttribute("aria-pressed", String(group.on));
      close();
      refresh();
    });
  }
  find("grip").addEventListener("click", () => lower(!page.classList.contains("is-up")));
}

function addIcons() {
  const ink = colours(page);
  const font = fonts(page, "--cw-font").map((each) => `"${each}"`).join(",");
  const drawn = new Map([...groups.values()].map((group) => [group.number, group.sign]));
  for (const feature of [0, 1, 2, 3, 4, 5, 6, 7]) {
    for (const closed of [false, true]) {
      const look = { ink: ink(closed ? "st-hold" : `map-g${feature}`), paper: ink("sheet"), font, closed };
      const { image, options } = icon(feature, drawn.get(feature) ?? "", look);
      map.addImage(`group-${feature}${closed ? "-closed" : ""}`, image, options);
    }
  }
}

const editor = new Editor({
  page, word, ask, task, toast, fault, find, close, addressOf, refresh: () => refresh({ again: true }), map: () => map, maplibre,
});

async function start() {
  if (window.matchMedia("(max-width: 820px)").matches) find("legend").open = false;
  listenToFilters();
  const ground = await ask(page.dataset.ground);
  nameOf = namer(ground);
  const bounds = numbers(page.dataset.selected) ?? numbers(page.dataset.box) ?? [-180, -80, 180, 80];
  try {
    map = new maplibre.Map({
      container: "map", style: styleOf(ground, page), bounds, fitBoundsOptions: { padding: 16 }, hash: "at",
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 19, minZoom: 7,
      localIdeographFontFamily: false, fadeDuration: 0, locale: { "Map.Title": word("keys") },
    });
  } catch (problem) {
    toast(word("no-map"));
    page.classList.add("is-flat");
    refresh();
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.ScaleControl({ maxWidth: 96 }), "bottom-right");
  map.on("load", () => {
    addIcons();
    listen();
    editor.listen();
    const token = queryWith({}).get("in");
    if (token) showToken(map, token);
    page.dataset.ready = "yes";
    refresh();
  });
  map.on("movestart", () => { page.dataset.still = "no"; });
  map.on("idle", () => { page.dataset.still = running ? "no" : "yes"; });
}

start().catch(fault);
