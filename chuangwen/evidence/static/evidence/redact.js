// Draws rectangles on a photo by pointer, finger or keyboard and keeps them in the form's field as per cents of the
// upright picture. Without this script the field takes the same numbers by hand.
const STEP = 1;
const LEAST = 1;

const round = (value) => Math.round(value * 100) / 100;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

class Cover {
  constructor(root, field) {
    this.root = root;
    this.field = field;
    this.picture = root.querySelector(".cw-cover__p");
    this.say = root.querySelector("[data-say]");
    this.add = root.querySelector("[data-add]");
    this.remove = root.querySelector("[data-remove]");
    this.boxes = [];
    this.chosen = null;
    root.querySelector(".cw-cover__a").hidden = false;
    this.read();
    this.picture.addEventListener("pointerdown", (event) => this.start(event));
    this.add.addEventListener("click", () => this.make({ left: 40, top: 40, right: 60, bottom: 60 }).button.focus());
    this.remove.addEventListener("click", () => this.drop(this.chosen));
    field.addEventListener("change", () => this.read());
  }

  read() {
    for (const box of this.boxes) box.button.remove();
    this.boxes = [];
    for (const line of this.field.value.split(/[\n;]/)) {
      const [left, top, right, bottom] = line.replaceAll("，", ",").split(",").map(Number);
      if (right > left && bottom > top) this.make({ left, top, right, bottom }, false);
    }
  }

  make(at, write = true) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cw-cover__b";
    const grip = document.createElement("span");
    grip.className = "cw-cover__g";
    button.append(grip);
    const box = { ...at, button };
    button.addEventListener("keydown", (event) => this.key(event, box));
    button.addEventListener("focus", () => this.choose(box));
    this.picture.append(button);
    this.boxes.push(box);
    this.place(box, write);
    return box;
  }

  choose(box) {
    this.chosen = box;
    this.remove.disabled = box === null;
    for (const each of this.boxes) each.button.classList.toggle("is-on", each === box);
  }

  drop(box) {
    if (!box) return;
    box.button.remove();
    this.boxes = this.boxes.filter((each) => each !== box);
    this.choose(null);
    this.write();
    this.add.focus();
  }

  place(box, write = true) {
    box.left = clamp(box.left, 0, 100 - LEAST);
    box.top = clamp(box.top, 0, 100 - LEAST);
    box.right = clamp(box.right, box.left + LEAST, 100);
    box.bottom = clamp(box.bottom, box.top + LEAST, 100);
    const style = box.button.style;
    style.left = `${box.left}%`;
    style.top = `${box.top}%`;
    style.width = `${box.right - box.left}%`;
    style.height = `${box.bottom - box.top}%`;
    if (write) this.write();
  }

  write() {
    const name = this.root.dataset.box;
    this.boxes.forEach((box, index) => {
      const label = `${name.replace("N", index + 1)}。${this.root.dataset.keys}`;
      box.button.setAttribute("aria-label", label);
    });
    const lines = this.boxes.map((box) => [box.left, box.top, box.right, box.bottom].map(round).join(","));
    this.field.value = lines.join("\n");
  }

  point(event) {
    const area = this.picture.getBoundingClientRect();
    const x = clamp(((event.clientX - area.left) / area.width) * 100, 0, 100);
    const y = clamp(((event.clientY - area.top) / area.height) * 100, 0, 100);
    return { x, y };
  }

  start(event) {
    if (event.button) return;
    const from = this.point(event);
    const target = event.target.closest(".cw-cover__b");
    let box = this.boxes.find((each) => each.button === target);
    const was = box && { left: box.left, top: box.top, right: box.right, bottom: box.bottom };
    const growing = event.target.classList.contains("cw-cover__g");
    event.preventDefault();
    box?.button.focus();
    this.picture.setPointerCapture(event.pointerId);

    const move = (moved) => {
      const to = this.point(moved);
      if (!was) {
        const far = Math.abs(to.x - from.x) >= LEAST && Math.abs(to.y - from.y) >= LEAST;
        if (!box && !far) return;
        box ??= this.make({ left: from.x, top: from.y, right: to.x, bottom: to.y });
        box.left = Math.min(from.x, to.x);
        box.right = Math.max(from.x, to.x);
        box.top = Math.min(from.y, to.y);
        box.bottom = Math.max(from.y, to.y);
      } else if (growing) {
        box.right = was.right + to.x - from.x;
        box.bottom = was.bottom + to.y - from.y;
      } else {
        this.shift(box, was, to.x - from.x, to.y - from.y);
      }
      this.place(box);
    };
    const end = () => {
      this.picture.removeEventListener("pointermove", move);
      this.picture.removeEventListener("pointerup", end);
      this.picture.removeEventListener("pointercancel", end);
      box?.button.focus();
    };
    this.picture.addEventListener("pointermove", move);
    this.picture.addEventListener("pointerup", end);
    this.picture.addEventListener("pointercancel", end);
  }

  shift(box, was, across, down) {
    const x = clamp(across, -was.left, 100 - was.right);
    const y = clamp(down, -was.top, 100 - was.bottom);
    Object.assign(box, { left: was.left + x, right: was.right + x, top: was.top + y, bottom: was.bottom + y });
  }

  key(event, box) {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.drop(box);
      return;
    }
    const x = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key] ?? 0;
    const y = { ArrowUp: -STEP, ArrowDown: STEP }[event.key] ?? 0;
    if (!x && !y) return;
    event.preventDefault();
    if (event.shiftKey) {
      box.right += x;
      box.bottom += y;
    } else {
      this.shift(box, { ...box }, x, y);
    }
    this.place(box);
    this.say.textContent = [box.left, box.top, box.right, box.bottom].map(Math.round).join("，");
  }
}

const root = document.querySelector("[data-cover]");
const field = document.querySelector("[data-rectangles]");
if (root && field) {
  new Cover(root, field);
  const holder = field.closest(".cw-f");
  field.required = false;
  // What the numbers say is on the picture now; an error beside the field stays in sight.
  for (const part of holder.querySelectorAll("label, textarea, .cw-f__h")) part.hidden = true;
  holder.classList.toggle("cw-f--bare", !holder.querySelector(".cw-f__e"));
}
