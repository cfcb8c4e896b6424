// The page of a report: photo, where, what, sent. What is filled in stays on the device until it has arrived, with the
// uid and key of the report, so that nothing is lost and nothing comes twice.
import { wordsOf } from "../places/map-ask.js";
import { copying } from "./copy.js";
import { Lost, Shots, post } from "./shots.js";

const DRAFT = "chuangwen-report";
const KEPT_MS = 7 * 24 * 3600 * 1000;
const FIELDS = ["uid", "key", "kind", "category", "text", "address", "point", "name", "contact"];
const POSITION = { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 };

const form = document.querySelector("[data-report]");
const word = wordsOf(document.querySelector("[data-words]"));
const part = (name) => document.querySelector(`[data-${name}]`);
const field = (name) => form.elements[name];
let spotFrom = "";
let asked = "";

function say(text, { bad = true, step = "" } = {}) {
  const box = part("say");
  box.textContent = text;
  box.hidden = !text;
  box.classList.toggle("is-bad", bad);
  if (text) (step ? form.querySelector(`[data-step="${step}"]`) ?? box : box).scrollIntoView({ block: step ? "start" : "center" });
  if (step) box.scrollIntoView({ block: "nearest" });
}

// ---- the draft ----

function save() {
  const draft = { at: Date.now(), spotFrom, spot: part("spot").textContent, shots: shots.uids };
  for (const name of FIELDS) draft[name] = field(name)?.value ?? "";
  try {
    localStorage.setItem(DRAFT, JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing still sends.
  }
}

function draftOf() {
  try {
    const draft = JSON.parse(localStorage.getItem(DRAFT));
    return draft && Date.now() - draft.at < KEPT_MS ? draft : null;
  } catch {
    return null;
  }
}

function forget() {
  localStorage.removeItem(DRAFT);
}

function restore(draft) {
  for (const name of FIELDS) if (draft[name] && field(name)) field(name).value = draft[name];
  for (const uid of draft.shots ?? []) shots.restore(uid);
  if (draft.point) spot(draft.spotFrom, draft.spot, { ready: true });
  if (field("name").value || field("contact").value) form.querySelector(".cw-who").open = true;
  const begun = draft.shots?.length || draft.point || draft.text || draft.address || draft.category;
  if (!begun) return;
  say(word("restored"), { bad: false });
  const afresh = document.createElement("button");
  Object.assign(afresh, { type: "button", className: "cw-link", textContent: word("afresh") });
  afresh.addEventListener("click", () => {
    forget();
    location.reload();
  });
  part("say").append(" ", afresh);
}

// ---- where ----

function spot(from, name, { ready = false } = {}) {
  spotFrom = from;
  const line = part("spot");
  if (ready) line.textContent = name;
  else {
    const told = document.createElement("span");
    told.className = "cw-3";
    told.textContent = from ? word(from) : "";
    const where = document.createElement("b");
    where.textContent = name || word(from ? "marked" : "no-spot");
    line.replaceChildren(where, told);
  }
}

function put(lon, lat, from, name) {
  field("point").value = JSON.stringify({ type: "Point", coordinates: [Number(lon.toFixed(6)), Number(lat.toFixed(6))] });
  field("point").dispatchEvent(new Event("input", { bubbles: true }));
  spot(from, name);
  save();
}

async function lookAt(from) {
  if (!field("point").value) return null;
  const query = new URLSearchParams({ point: field("point").value, category: field("category").value });
  let response;
  try {
    response = await fetch(`${form.dataset.near}?${query}`, { headers: { Accept: "application/json" } });
  } catch {
    return null;
  }
  const said = await response.json();
  if (response.ok) {
    if (from) spot(from, said.where);
    save();
    return said;
  }
  if (said.error.where === "point") {
    field("point").value = "";
    spot("", "");
    say(`${said.error.message}。${said.error.mend}`, { step: "point" });
    save();
  }
  return null;
}

function mine() {
  if (!navigator.geolocation) return say(word("no-position"), { step: "point" });
  part("spot").textContent = word("looking");
  return navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      put(coords.longitude, coords.latitude, "from-me", "");
      lookAt("from-me");
    },
    () => {
      spot(spotFrom, "");
      say(word("no-position"), { step: "point" });
    },
    POSITION,
  );
}

function openMap() {
  const here = part("map-here");
  here.hidden = !here.hidden;
  part("onmap").setAttribute("aria-expanded", String(!here.hidden));
  // The map is large: it comes when it is wanted.
  if (!here.hidden) import(form.dataset.map);
}

// ---- photos ----

const shots = new Shots(part("shots"), {
  template: document.querySelector("template[data-shot]"),
  word,
  token: field("csrfmiddlewaretoken").value,
  address: form.dataset.photo,
  most: Number(form.dataset.most),
  bytes: Number(form.dataset.bytes),
  sent(_shot, receipt) {
    if (receipt.point && !field("point").value) put(...receipt.point, "from-photo", receipt.where);
    if (receipt.outside && !field("point").value) say(word("photo-outside"), { bad: false });
    save();
  },
  changed() {
    const some = shots.all.length > 0;
    part("pick").textContent = word(some ? "more" : "first");
    part("pick").parentElement.classList.toggle("is-more", some);
    part("pick").parentElement.hidden = shots.all.length >= shots.most;
    begun();
    save();
  },
});

// ---- sending ----

// One thing at a time is the next to do: first the photo, then, with a photo or a word, sending.
function begun() {
  const some = shots.all.length > 0 || field("text").value.trim() !== "";
  part("send").classList.toggle("cw-big--go", some);
}

function kindChanged() {
  const isReport = field("kind").value === "report";
  part("tiles").hidden = !isReport;
  part("optional").hidden = !isReport;
}

function lacking() {
  const text = field("text").value.trim();
  if (shots.busy) return ["need-wait", "photos"];
  if (shots.failed) return ["need-photo-again", "photos"];
  if (field("kind").value !== "report") return text ? null : ["need-text", "category"];
  if (!shots.uids.length && !text) return ["need-photo", "photos"];
  if (!field("point").value && !field("address").value.trim()) return ["need-point", "point"];
  return field("category").value ? null : ["need-category", "category"];
}

function showAlike(alike) {
  const list = part("alike-list");
  list.replaceChildren(
    ...alike.map((each) => {
      const line = document.querySelector("template[data-same]").content.firstElementChild.cloneNode(true);
      line.querySelector("[data-open]").href = each.url;
      line.querySelector("[data-title]").textContent = each.title;
      const state = line.querySelector("[data-state]");
      state.textContent = each.state;
      state.dataset.s = each.mark;
      line.querySelector("[data-said]").textContent = each.said;
      return line;
    }),
  );
  part("alike").hidden = false;
  part("alike").scrollIntoView({ block: "center" });
  part("alike").focus();
}

async function send({ other = false } = {}) {
  say("");
  const missing = lacking();
  if (missing) return say(word(missing[0]), { step: missing[1] });
  const button = part("send");
  button.disabled = true;
  try {
    const matter = `${field("point").value} ${field("category").value}`;
    if (!other && field("kind").value === "report" && matter !== asked) {
      const known = await lookAt("");
      if (known?.alike.length) {
        asked = matter;
        return showAlike(known.alike);
      }
    }
    const data = new FormData(form);
    data.delete("files");
    data.set("photos", shots.uids.join(","));
    if (field("kind").value !== "report") data.delete("category");
    const done = await post(location.pathname, data);
    forget();
    return finish(done);
  } catch (problem) {
    return say(problem instanceof Lost ? word("lost") : problem.message);
  } finally {
    button.disabled = false;
  }
}

function finish(done) {
  const page = document.querySelector("template[data-done]").content.firstElementChild.cloneNode(true);
  page.querySelector("[data-code]").textContent = done.code;
  page.querySelector("[data-number]").textContent = done.number;
  page.querySelector("[data-follow]").href = done.follow;
  form.replaceWith(page);
  copying(page);
  window.scrollTo(0, 0);
  page.focus();
}

// ---- the page ----

const picker = field("files");
picker.addEventListener("change", () => {
  const problem = shots.take(picker.files);
  if (problem) say(problem, { step: "photos" });
  picker.value = "";
});
part("where").hidden = false;
part("mine").addEventListener("click", mine);
part("onmap").addEventListener("click", openMap);
part("other").addEventListener("click", () => send({ other: true }));
field("point").addEventListener("change", () => {
  spot("from-map", "");
  lookAt("from-map");
});
form.addEventListener("input", () => {
  begun();
  save();
});
form.addEventListener("change", () => {
  kindChanged();
  save();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
const off = () => { part("off").hidden = navigator.onLine; };
window.addEventListener("online", off);
window.addEventListener("offline", off);
off();
spot("", "");
const draft = draftOf();
if (draft) restore(draft);
kindChanged();
begun();
