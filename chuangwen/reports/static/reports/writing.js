// The writing desk's editor: the marks of figures become chips that go whole or stay whole, and what was typed is kept
// in the browser until it is saved. Without this script the same text area works with the marks written out.
const MARK = /\\([*⟦⟧\\])|(\*\*)|⟦([^⟦⟧]*)⟧/g;
const ESCAPED = /[⟦⟧]|\*(?=\*)|\\(?=[*⟦⟧\\])/g;

const printed = new Map();
for (const item of document.querySelectorAll("[data-figure]")) printed.set(item.dataset.figure, item.dataset.text);

function chip(name) {
  const mark = document.createElement("span");
  mark.className = "cw-mark";
  mark.contentEditable = "false";
  mark.dataset.name = name;
  mark.textContent = printed.get(name) ?? name;
  mark.title = name;
  return mark;
}

function show(text, holder) {
  holder.replaceChildren();
  let lead = null;
  let last = 0;
  const put = (node) => (lead ?? holder).append(node);
  for (const found of text.matchAll(MARK)) {
    put(text.slice(last, found.index));
    last = found.index + found[0].length;
    if (found[1]) put(found[1]);
    else if (found[3] !== undefined) put(chip(found[3]));
    else if (lead) lead = null;
    else {
      lead = document.createElement("span");
      lead.className = "kai";
      lead.dataset.lead = "";
      holder.append(lead);
    }
  }
  put(text.slice(last));
}

function read(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(ESCAPED, "\\$&");
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  if (node.dataset.name !== undefined) return `⟦${node.dataset.name}⟧`;
  if (node.tagName === "BR") return " ";
  const inside = [...node.childNodes].map(read).join("");
  return node.dataset.lead !== undefined && inside.trim() ? `**${inside}**` : inside;
}

function enhance(form) {
  const area = form.querySelector("[data-marks]");
  const key = `cw-draft:${location.pathname}:${form.elements.anchor.value}:${form.elements.was.value}`;
  const box = document.createElement("div");
  box.className = "cw-in cw-edit";
  box.contentEditable = "true";
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  box.setAttribute("aria-label", form.querySelector("label").textContent);
  show(area.value, box);
  area.hidden = true;
  area.before(box);
  form.querySelector(".cw-editor__h").dataset.enhanced = "";

  const keep = () => {
    area.value = [...box.childNodes].map(read).join("");
    localStorage.setItem(key, area.value);
  };
  box.addEventListener("input", keep);
  box.addEventListener("paste", (event) => {
    event.preventDefault();
    insert(document.createTextNode(event.clipboardData.getData("text/plain").replace(/\s*\n\s*/g, "")));
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  form.addEventListener("submit", () => {
    if (document.activeElement === box || area.value === "") keep();
    sessionStorage.setItem("cw-sent", key);
  });

  function insert(node) {
    const chosen = getSelection();
    box.focus();
    if (!chosen.rangeCount || !box.contains(chosen.anchorNode)) box.append(node);
    else {
      const range = chosen.getRangeAt(0);
      const at = chosen.anchorNode.nodeType === Node.TEXT_NODE ? chosen.anchorNode.parentElement : chosen.anchorNode;
      const mark = at.closest(".cw-mark");
      // A mark holds nothing but its own figure: what is put in stands behind it.
      if (mark) {
        range.setStartAfter(mark);
        range.collapse(true);
      }
      range.deleteContents();
      range.insertNode(node);
      range.setStartAfter(node);
      range.collapse(true);
    }
    keep();
  }
  for (const item of document.querySelectorAll("[data-figure]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cw-verb cw-figlist__put";
    button.textContent = document.documentElement.lang.startsWith("zh") ? "放进去" : "Insert";
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => insert(chip(item.dataset.figure)));
    item.append(button);
  }
  const kept = localStorage.getItem(key);
  if (kept !== null && kept !== area.value) offer(kept);
  box.focus({ preventScroll: true });
  getSelection().selectAllChildren(box);
  getSelection().collapseToEnd();
  const seen = form.getBoundingClientRect();
  if (seen.top < 0 || seen.bottom > innerHeight) form.scrollIntoView({ block: "center" });

  function offer(text) {
    const bar = form.querySelector("template[data-kept]").content.cloneNode(true).firstElementChild;
    bar.querySelector("[data-take]").addEventListener("click", () => {
      show(text, box);
      keep();
      bar.remove();
    });
    bar.querySelector("[data-leave]").addEventListener("click", () => {
      localStorage.removeItem(key);
      bar.remove();
    });
    box.before(bar);
  }
}

// What was sent and is not open again was saved.
const sent = sessionStorage.getItem("cw-sent");
const open = document.querySelector("[data-editor]");
if (sent && !open) localStorage.removeItem(sent);
sessionStorage.removeItem("cw-sent");
if (open) enhance(open);
