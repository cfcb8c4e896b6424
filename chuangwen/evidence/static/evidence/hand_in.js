// Sends each file by itself, shows how far it is and what came of it. A file keeps its uid when it is sent again, so
// that it comes in once. Without this script the form sends all files in one request.
const AT_ONCE = 2;
const ASK_MS = 1000;
const ASKS = 90;

const words = document.querySelector("[data-words]")?.dataset;

// randomUUID is missing where the address is not https, as in many an intranet.
function newUid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

class Sending {
  constructor(form, file, list) {
    this.form = form;
    this.file = file;
    this.uid = newUid();
    this.line = document.querySelector("#got").content.firstElementChild.cloneNode(true);
    this.part("name").textContent = file.name;
    this.bar = this.line.querySelector("progress");
    this.part("again").addEventListener("click", () => {
      this.part("again").hidden = true;
      enqueue(this);
    });
    list.prepend(this.line);
  }

  part(name) {
    return this.line.querySelector(`[data-${name}]`);
  }

  state(mark, text) {
    const state = this.part("state");
    state.dataset.s = mark;
    state.textContent = text;
  }

  more(lines) {
    const more = this.part("more");
    more.replaceChildren();
    for (const line of lines.filter(Boolean)) {
      const said = document.createElement("span");
      said.textContent = line;
      more.append(said);
    }
  }

  fail(text, mend, again = false) {
    this.bar.hidden = true;
    this.state("over", text);
    this.more([mend]);
    this.part("again").hidden = !again;
  }

  send() {
    if (!this.file.size) return Promise.resolve(this.fail(words.empty, words.emptyMend));
    if (this.file.size > Number(this.form.dataset.most)) return Promise.resolve(this.fail(words.big, words.bigMend));
    const data = new FormData();
    data.set("uid", this.uid);
    for (const name of ["unit", "place", "taken_at"]) data.set(name, this.form.elements[name].value);
    data.set("file", this.file);
    this.bar.hidden = false;
    this.more([]);
    this.state("doing", words.sending);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.form.dataset.handin);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", this.form.elements.csrfmiddlewaretoken.value);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) this.bar.value = event.loaded / event.total;
      });
      request.addEventListener("load", () => done(this.answered(request)));
      request.addEventListener("error", () => done(this.fail(words.lost, words.lostMend, true)));
      request.addEventListener("abort", () => done(this.fail(words.lost, words.lostMend, true)));
      request.send(data);
    });
  }

  answered(request) {
    let said = null;
    try {
      said = JSON.parse(request.responseText);
    } catch {
      return this.fail(words.lost, words.lostMend, true);
    }
    if (request.status === 401) return this.fail(words.signedOut, "", true);
    if (said.error) return this.fail(said.error.message, said.error.mend);
    this.bar.removeAttribute("value");
    return this.show(said);
  }

  show(receipt, asked = 0) {
    const link = this.part("open");
    link.href = receipt.url;
    link.hidden = false;
    if (receipt.problem) return this.fail(receipt.problem.message, receipt.problem.mend);
    this.more(receipt.warnings.map((each) => (each.mend ? `${each.message}。${each.mend}` : each.message)));
    if (receipt.state === "received" && asked < ASKS) {
      this.state("doing", words.working);
      setTimeout(() => this.ask(receipt, asked + 1), ASK_MS);
      return null;
    }
    this.bar.hidden = true;
    this.state(receipt.warnings.length ? "check" : "done", words.ready);
    if (receipt.thumbnail) {
      const picture = document.createElement("img");
      picture.src = receipt.thumbnail;
      picture.alt = receipt.name;
      this.part("picture").replaceChildren(picture);
    }
    return null;
  }

  async ask(receipt, asked) {
    try {
      const answer = await fetch(receipt.state_url, { headers: { Accept: "application/json" } });
      this.show(answer.ok ? await answer.json() : receipt, asked);
    } catch {
      this.show(receipt, asked);
    }
  }
}

const waiting = [];
let running = 0;

function enqueue(sending) {
  waiting.push(sending);
  next();
}

async function next() {
  if (running >= AT_ONCE || !waiting.length) return;
  running += 1;
  try {
    await waiting.shift().send();
  } finally {
    running -= 1;
    next();
  }
}

function enhance(form) {
  const field = form.elements.sent;
  const holder = field.closest(".cw-f");
  const drop = document.querySelector("#drop").content.firstElementChild.cloneNode(true);
  const list = document.createElement("ol");
  list.className = "cw-got";
  list.setAttribute("aria-live", "polite");
  for (const input of drop.querySelectorAll("input")) {
    if (input.dataset.pick !== undefined) input.accept = field.accept;
    input.addEventListener("change", () => {
      take(input.files);
      input.value = "";
    });
  }
  const take = (files) => {
    for (const file of files) enqueue(new Sending(form, file, list));
  };
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    take(event.dataTransfer.files);
  });
  // What is chosen here is sent at once: place and time come first.
  holder.remove();
  const buttons = form.querySelector(".cw-form__a");
  buttons.querySelector("button").remove();
  buttons.before(drop, list);
  form.addEventListener("submit", (event) => event.preventDefault());
}

const form = document.querySelector("[data-handin]");
if (form && words) enhance(form);
