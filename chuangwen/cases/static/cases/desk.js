// The keys of the dispatch desk. Whatever has data-key is pressed, opened or focused by that key; without this script
// everything is a plain form or link. Keys can be switched off, which the browser remembers.
const KEPT = "chuangwen.desk.keys";
const onOff = document.getElementById("keys-on");
const listening = () => localStorage.getItem(KEPT) !== "off";

if (onOff) {
  onOff.closest("label").hidden = false;
  onOff.checked = listening();
  onOff.addEventListener("change", () => localStorage.setItem(KEPT, onOff.checked ? "on" : "off"));
}

const writes = (element) => element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
const presses = (element) => element.matches("a[href], button, summary, input, textarea, select");

function use(element) {
  if (writes(element)) {
    element.focus();
    element.select?.();
  } else if (element.matches("summary")) {
    const box = element.parentElement;
    box.open = !box.open;
    if (box.open) (box.querySelector("textarea, input:not([type=hidden]), select") ?? element).focus();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  const at = document.activeElement ?? document.body;
  if (event.key === "Escape" && writes(at)) at.blur();
  if (event.key === "Enter" && event.ctrlKey && at.form) {
    event.preventDefault();
    at.form.requestSubmit();
    return;
  }
  if (!listening() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (writes(at) || (event.key === "Enter" && presses(at))) return;
  const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!found) return;
  event.preventDefault();
  use(found);
});

// A category by its key: the field takes it, and the proposal follows.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-category]");
  const field = document.querySelector("[data-category-field]");
  if (!link || !field || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  field.value = link.dataset.category;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

// Frequent words begin the text; what somebody wrote themselves is kept in front of them.
document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-words]");
  if (!box) return;
  const form = event.target.form;
  const text = form.querySelector(`[data-text="${CSS.escape(event.target.value)}"]`);
  const area = form.querySelector("textarea");
  if (!text || area.value.includes(text.value)) return;
  area.value = area.value.trim() ? `${area.value.trim()}\n${text.value}` : text.value;
  area.focus();
});

// A new proposal takes the place of the old one, but not of what was changed by hand.
let changed = new Map();
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "proposal") return;
  const fields = event.detail.target.querySelectorAll("input, select");
  const differs = (field) => (field.matches("select")
    ? [...field.options].some((option) => option.selected !== option.defaultSelected)
    : field.value !== field.defaultValue);
  changed = new Map([...fields].filter(differs).map((field) => [field.name, field.value]));
});
document.body.addEventListener("htmx:afterSwap", () => {
  for (const [name, value] of changed) {
    const field = document.querySelector(`#proposal [name="${CSS.escape(name)}"]`);
    if (field) field.value = value;
  }
  changed = new Map();
});
