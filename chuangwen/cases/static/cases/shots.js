// Photos that are sent one by one as soon as they are chosen. Each keeps its uid, so that sending again sends nothing
// twice; one that found no network goes by itself when there is one. The picture is drawn on a canvas, because an image
// from memory is no address of ours.
const SIDE = 240;

// randomUUID is missing where the address is not https, as in many an intranet.
export function newUid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

export class Lost extends Error {}

// Sends a form's data and gives what is answered; throws Lost without a network, Error with the sentence of a refusal.
export async function post(address, data) {
  let response;
  try {
    response = await fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } });
  } catch {
    throw new Lost();
  }
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) throw new Lost();
  const said = await response.json();
  if (!response.ok) {
    const { message, mend, where } = said.error;
    throw Object.assign(new Error(mend ? `${message}。${mend}` : message), { where });
  }
  return said;
}

export class Shots {
  // list: where the photos are shown; word: the page's words; sent(shot, receipt) after each; changed() after any change
  constructor(list, { template, word, token, address, most, bytes, sent, changed }) {
    Object.assign(this, { list, template, word, token, address, most, bytes, sent, changed });
    this.all = [];
    window.addEventListener("online", () => {
      for (const shot of this.all) if (shot.lost) this.send(shot);
    });
  }

  get uids() {
    return this.all.filter((shot) => shot.done).map((shot) => shot.uid);
  }

  get busy() {
    return this.all.some((shot) => shot.busy);
  }

  get failed() {
    return this.all.some((shot) => !shot.busy && !shot.done);
  }

  take(files) {
    for (const file of files) {
      if (this.all.length >= this.most) return this.word("too-many", { n: this.most });
      const shot = this.show(newUid());
      shot.file = file;
      this.draw(shot);
      if (file.size > this.bytes) this.fail(shot, this.word("too-big"));
      else this.send(shot);
    }
    return "";
  }

  // One that was sent before the page was closed: its picture is not here any more.
  restore(uid) {
    const shot = this.show(uid);
    shot.done = true;
    this.say(shot, this.word("got"));
  }

  show(uid) {
    const line = this.template.content.firstElementChild.cloneNode(true);
    const part = (name) => line.querySelector(`[data-${name}]`);
    const shot = { uid, line, part, busy: false, done: false, lost: false };
    part("again").addEventListener("click", () => this.send(shot));
    part("drop").addEventListener("click", () => {
      this.all = this.all.filter((each) => each !== shot);
      line.remove();
      this.changed();
    });
    part("picture").className = "cw-shots__p";
    part("picture").textContent = this.word("photo-number", { n: this.all.length + 1 });
    this.list.append(line);
    this.all.push(shot);
    return shot;
  }

  async draw(shot) {
    try {
      const bitmap = await createImageBitmap(shot.file);
      const canvas = document.createElement("canvas");
      const side = Math.min(bitmap.width, bitmap.height);
      canvas.width = canvas.height = SIDE;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", shot.file.name);
      const from = [(bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side];
      canvas.getContext("2d").drawImage(bitmap, ...from, 0, 0, SIDE, SIDE);
      bitmap.close();
      shot.part("picture").replaceWith(canvas);
    } catch {
      // What the browser cannot open, the server says.
    }
  }

  say(shot, text, { bad = false, again = false } = {}) {
    const state = shot.part("state");
    state.textContent = text;
    state.classList.toggle("is-bad", bad);
    shot.part("again").hidden = !again;
    this.changed();
  }

  fail(shot, text, again = false) {
    Object.assign(shot, { busy: false, done: false });
    this.say(shot, text, { bad: true, again });
  }

  async send(shot) {
    if (shot.busy) return;
    Object.assign(shot, { busy: true, lost: false });
    this.say(shot, this.word("sending"));
    const data = new FormData();
    data.set("csrfmiddlewaretoken", this.token);
    data.set("uid", shot.uid);
    data.set("file", shot.file);
    try {
      const receipt = await post(this.address, data);
      Object.assign(shot, { busy: false, done: true });
      this.say(shot, this.word("got"));
      this.sent(shot, receipt);
    } catch (problem) {
      shot.lost = problem instanceof Lost;
      this.fail(shot, shot.lost ? this.word("kept") : problem.message, true);
    }
  }
}
