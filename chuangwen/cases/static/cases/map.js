// The map of cases: what lies in view, and the same as a list beside it. A click or Enter opens the case.
import * as maplibre from "../maplibre-gl/maplibre-gl.mjs";
import { Problem, asker, wordsOf } from "../places/map-ask.js";
import { namer } from "../places/map-list.js";
import { toast } from "../places/map-say.js";
import { NOTHING, styleOf } from "../places/map-style.js";
import { colours, fonts } from "../places/map-symbols.js";
import { MARKS, SIZES, STEPS, heap, layers, sign } from "./map-signs.js";

const page = document.getElementById("map-page");
const find = (id) => document.getElementById(`map-${id}`);
const word = wordsOf(find("words"));
const ask = asker(word, "");
const numbers = (text) => (text ? text.split(",").map(Number) : null);
const EVERYWHERE = [-180, -80, 180, 80];
const HEAPS = ["cluster", "cell"];
const MOST = 200;

let map = null;
let nameOf = () => "";
let features = [];
let heaps = [];
let cut = false;
let answered = null;
let running = null;

function fault(problem) {
  if (problem.name === "AbortError") return;
  if (!(problem instanceof Problem)) throw problem;
  find("fault").textContent = problem.sentence;
  find("fault").hidden = false;
}

const caseAddress = (uid) => page.dataset.case.replace("00000000-0000-0000-0000-000000000000", uid);

function queryWith(changes) {
  const query = new URLSearchParams(page.dataset.query);
  for (const [key, value] of Object.entries(changes)) query.set(key, value);
  return query;
}

// The view, widened to whole tiles: while one pans within them nothing is asked, and no heap falls apart differently.
function wanted() {
  if (!map) return { box: numbers(page.dataset.box) ?? EVERYWHERE, zoom: 17 };
  const zoom = Math.floor(map.getZoom());
  const size = 360 / 2 ** (zoom + 1);
  const bounds = map.getBounds();
  const down = (value) => Math.floor(value / size) * size;
  const box = [down(bounds.getWest()), down(bounds.getSouth()), down(bounds.getEast()) + size, down(bounds.getNorth()) + size];
  return { box: box.map((each) => Number(each.toFixed(6))), zoom };
}

async function refresh() {
  const { box, zoom } = wanted();
  const query = queryWith({ bbox: box.join(","), zoom });
  // The box of the address says where to look first; panning leaves it.
  query.delete("box");
  const address = `${page.dataset.features}?${query}`;
  if (address === answered) {
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

function take(said) {
  features = said.features.filter((each) => !each.properties.heap);
  heaps = said.features.filter((each) => each.properties.heap);
  ({ cut } = said);
  if (map) {
    map.getSource("cases").setData({ type: "FeatureCollection", features });
    map.getSource("cells").setData({ type: "FeatureCollection", features: heaps });
    map.getSource("chosen").setData(NOTHING);
  }
  showList();
}

const inView = ({ geometry }) => !map || map.getBounds().contains(geometry.coordinates);

function showList() {
  const shown = features.filter(inView).sort((one, other) => one.properties.order - other.properties.order);
  const lying = heaps.filter(inView);
  const late = shown.filter((each) => each.properties.late).length + lying.reduce((sum, each) => sum + each.properties.late, 0);
  const total = shown.length + lying.reduce((sum, each) => sum + each.properties.count, 0);
  const said = word("count", { n: total.toLocaleString(), late: late.toLocaleString() });
  if (find("count").textContent !== said) find("count").textContent = find("grip-text").textContent = said;
  const rows = [...lying.map(heapRow), ...shown.slice(0, MOST).map(caseRow)];
  find("list").replaceChildren(...rows);
  find("list").hidden = !rows.length;
  find("empty").hidden = rows.length > 0;
  find("more").hidden = !(lying.length || cut || shown.length > MOST);
  find("more").textContent = lying.length ? word("nearer") : word("more", { n: cut ? `${MOST}+` : shown.length - MOST });
  if (map) {
    const { _sw: sw, _ne: ne } = map.getBounds();
    const box = [sw.lng, sw.lat, ne.lng, ne.lat].map((each) => each.toFixed(5)).join(",");
    find("to-list").href = `${page.dataset.list}?${queryWith({ box })}`;
  }
}

function made(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function row(tag, feature, parts) {
  const item = document.createElement("li");
  const link = document.createElement(tag);
  link.append(...parts);
  for (const kind of ["pointerenter", "focus"]) link.addEventListener(kind, () => choose(feature));
  for (const kind of ["pointerleave", "blur"]) link.addEventListener(kind, () => choose(null));
  item.append(link);
  return [item, link];
}

function caseRow(feature) {
  const { uid, number, title, where, mark, state, due, late, lead, supervised } = feature.properties;
  const name = made("b", "", title);
  if (supervised) name.prepend(made("i", "cw-stamp", word("supervised")));
  const badge = made("span", "cw-st", state);
  badge.dataset.s = mark;
  const chip = made("span", "cw-due", due);
  chip.dataset.d = late ? "over" : "ok";
  const [item, link] = row("a", feature, [name, badge, made("span", "cw-cm__at", [number, where, lead].filter(Boolean).join(" · ")), chip]);
  link.href = caseAddress(uid);
  return item;
}

function heapRow(feature) {
  const { count, late } = feature.properties;
  const name = nameOf(feature.geometry.coordinates);
  const many = word("heap", { n: count.toLocaleString() });
  const title = made("b", "", name ? word("around", { name }) : many);
  const chip = made("span", "cw-due", late ? word("heap-late", { n: late.toLocaleString() }) : "");
  chip.dataset.d = "over";
  chip.hidden = !late;
  const [item, button] = row("button", feature, [title, made("span", "cw-cm__many", many), chip]);
  button.type = "button";
  button.addEventListener("click", () => openHeap(feature));
  return item;
}

function choose(feature) {
  map?.getSource("chosen")?.setData(feature ?? NOTHING);
}

function openHeap(feature) {
  if (!map) return;
  const { bounds } = feature.properties;
  // What comes back from the map itself has its lists as text.
  const [west, south, east, north] = typeof bounds === "string" ? JSON.parse(bounds) : bounds;
  map.fitBounds([[west, south], [east, north]], { padding: 48, maxZoom: 17.5 });
}

const whole = () => map.fitBounds(numbers(page.dataset.box) ?? EVERYWHERE, { padding: 16 });

// Beside the sign under the pointer, what it is; the list says the same to whoever has no pointer.
const call = document.createElement("div");
call.className = "cw-call cw-call--right";
let callMarker = null;

function point(feature) {
  if (call.dataset.uid === (feature?.properties.uid ?? "")) return;
  call.dataset.uid = feature?.properties.uid ?? "";
  callMarker?.remove();
  callMarker = null;
  if (!feature) return;
  const { number, title, lead, due, state } = feature.properties;
  const at = feature.geometry.coordinates;
  const side = map.project(at).x < map.getContainer().clientWidth - 300 ? "right" : "left";
  call.className = `cw-call cw-call--${side}`;
  call.replaceChildren(made("b", "", `${number} ${title}`), made("span", "", [lead, state, due].filter(Boolean).join("，")));
  const offset = side === "right" ? [30, 0] : [-30, 0];
  callMarker = new maplibre.Marker({ element: call, anchor: side === "right" ? "left" : "right", offset }).setLngLat(at).addTo(map);
}

function listen() {
  map.on("moveend", refresh);
  const under = (at) => map.queryRenderedFeatures(at, { layers: [...HEAPS, "case"] })[0];
  map.on("mousemove", (event) => {
    const found = under(event.point);
    map.getCanvas().classList.toggle("is-over", Boolean(found));
    const single = found?.layer.id === "case";
    point(single ? features.find((each) => each.properties.uid === found.properties.uid) : null);
    choose(single ? found : null);
  });
  map.on("click", async (event) => {
    const found = under(event.point);
    if (found?.layer.id === "case") location.href = caseAddress(found.properties.uid);
    else if (found?.layer.id === "cell") openHeap(found);
    else if (found) {
      const zoom = await map.getSource("cases").getClusterExpansionZoom(found.properties.cluster_id);
      map.easeTo({ center: found.geometry.coordinates, zoom: zoom + 0.1 });
    }
  });
  for (const [id, act] of [["whole", whole], ["in", () => map.zoomIn()], ["out", () => map.zoomOut()]]) find(id).addEventListener("click", act);
}

function listenToFilter() {
  const form = find("filter");
  // Where one looks stays.
  form.addEventListener("submit", () => { form.action = location.pathname + location.hash; });
  for (const select of form.querySelectorAll("select")) select.addEventListener("change", () => form.requestSubmit());
  find("grip").addEventListener("click", () => {
    const up = page.classList.toggle("is-up");
    find("grip").setAttribute("aria-expanded", String(up));
  });
}

function style(ground) {
  const ink = colours(page);
  const base = styleOf(ground, page);
  const { ground: streets, labels } = base.sources;
  const late = { late: ["+", ["case", ["get", "late"], 1, 0]] };
  base.sources = {
    ground: streets, labels,
    cases: { type: "geojson", data: NOTHING, cluster: true, clusterRadius: 40, clusterMaxZoom: 16, clusterProperties: late },
    cells: { type: "geojson", data: NOTHING },
    chosen: { type: "geojson", data: NOTHING },
  };
  const kept = base.layers.filter((each) => !each.source || each.source in { ground: 1, labels: 1 });
  base.layers = [...kept, ...layers(ink, ["Bold", ...fonts(page, "--cw-font")])];
  return base;
}

function addImages() {
  const ink = colours(page);
  const look = { ink: ink("ink"), red: ink("st-over"), paper: ink("sheet") };
  const add = (id, { image, options }) => map.addImage(id, image, options);
  for (const mark of MARKS) add(`mark-${mark}`, sign(mark, ink(`st-${mark}`), look.paper));
  for (const size of SIZES.keys()) {
    for (let step = 0; step <= STEPS; step += 1) add(`heap-${size}-${step}`, heap(size, step, look));
  }
}

async function start() {
  if (window.matchMedia("(max-width: 820px)").matches) find("legend").open = false;
  listenToFilter();
  const ground = await ask(page.dataset.ground);
  nameOf = namer(ground);
  try {
    map = new maplibre.Map({
      container: "map", style: style(ground), bounds: numbers(page.dataset.box) ?? EVERYWHERE, fitBoundsOptions: { padding: 16 },
      hash: "at", attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 19, minZoom: 7,
      localIdeographFontFamily: false, fadeDuration: 0, locale: { "Map.Title": word("keys") },
    });
  } catch {
    toast(word("no-map"));
    page.classList.add("is-flat");
    refresh();
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.ScaleControl({ maxWidth: 96 }), "bottom-right");
  map.on("load", () => {
    addImages();
    listen();
    page.dataset.ready = "yes";
    refresh();
  });
  map.on("movestart", () => { page.dataset.still = "no"; point(null); });
  map.on("idle", () => { page.dataset.still = running ? "no" : "yes"; });
}

start().catch(fault);
