// The list beside the map: the same places, by keyboard. Arrow keys move, Enter opens, the map follows.
import { svgSymbol } from "./map-symbols.js";

const MOST = 200;

function inside(ring, [x, y]) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

// What a heap of places is called: its district and the street nearest to its middle.
export function namer(ground) {
  const named = (code) => ground.features.filter((each) => each.properties.type === code);
  const districts = named("district_area");
  const streets = named("street").filter((each) => !each.properties.lane);
  return (at) => {
    const district = districts.find(({ geometry }) =>
      (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).some(([ring]) => inside(ring, at)));
    let [best, far] = [null, Infinity];
    for (const street of streets) {
      for (const [lon, lat] of street.geometry.coordinates.flat(street.geometry.type === "LineString" ? 0 : 1)) {
        const away = (lon - at[0]) ** 2 * 0.77 + (lat - at[1]) ** 2;
        if (away < far) [best, far] = [street, away];
      }
    }
    return [district, best].filter(Boolean).map((each) => each.properties.name).join(" ");
  };
}

export class PlaceList {
  constructor({ list, more, empty, word, onPoint, onOpen }) {
    Object.assign(this, { list, more, empty, word, onPoint, onOpen, rows: [], at: -1 });
    list.addEventListener("keydown", (event) => this.pressed(event));
    list.addEventListener("focus", () => this.rows.length && this.go(Math.max(this.at, 0)));
    list.addEventListener("blur", () => this.point(-1));
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.onOpen(this.rows[[...list.children].indexOf(item)], false);
    });
    list.addEventListener("pointermove", (event) => {
      const item = event.target.closest("[role=option]");
      this.point(item ? [...list.children].indexOf(item) : -1);
    });
    list.addEventListener("pointerleave", () => this.point(-1));
  }

  pressed(event) {
    const last = this.rows.length - 1;
    const steps = {
      ArrowDown: Math.min(this.at + 1, last),
      ArrowUp: Math.max(this.at - 1, 0),
      Home: 0,
      End: last,
      PageDown: Math.min(this.at + 8, last),
      PageUp: Math.max(this.at - 8, 0),
    };
    if (event.key in steps && this.rows.length) this.go(steps[event.key]);
    else if (event.key === "Enter" && this.rows[this.at]) this.onOpen(this.rows[this.at], true);
    else return;
    event.preventDefault();
  }

  go(index) {
    this.at = index;
    this.mark();
    this.reveal();
    this.point(index);
  }

  // Only the list scrolls: the sheet in which it lies on a phone stays where it is.
  reveal() {
    const { offsetTop: top, offsetHeight: tall } = this.list.children[this.at];
    const { scrollTop: from, clientHeight: room } = this.list;
    if (top < from) this.list.scrollTop = top;
    else if (top + tall > from + room) this.list.scrollTop = top + tall - room;
  }

  point(index) {
    if (index === this.pointed) return;
    this.pointed = index;
    this.onPoint(this.rows[index] ?? null);
  }

  mark() {
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.at)));
    if (this.at >= 0) this.list.setAttribute("aria-activedescendant", this.list.children[this.at].id);
    else this.list.removeAttribute("aria-activedescendant");
  }

  // Marks the row of that place, where it is listed.
  choose(key) {
    this.at = this.rows.findIndex((row) => row.key === key);
    this.mark();
    if (this.at >= 0) this.reveal();
  }

  // The place under the pointer on the map.
  hint(key) {
    [...this.list.children].forEach((item, index) => item.classList.toggle("is-near", this.rows[index].key === key));
  }

  // rows: {key, title, text, symbol: {number, sign} | {count}, closed}
  show(rows, heaped) {
    const kept = this.rows[this.at]?.key;
    this.rows = rows.slice(0, MOST);
    this.list.replaceChildren(...this.rows.map((row, index) => this.item(row, index)));
    this.at = this.rows.findIndex((row) => row.key === kept);
    this.mark();
    this.list.hidden = !rows.length;
    this.empty.hidden = rows.length > 0;
    this.more.hidden = rows.length <= MOST && !heaped;
    this.more.textContent = heaped ? this.word("nearer") : this.word("more", { n: rows.length - MOST });
  }

  item(row, index) {
    const item = document.createElement("li");
    item.id = `map-row-${index}`;
    item.setAttribute("role", "option");
    if (row.count) {
      item.className = "is-heap";
      const circle = document.createElement("i");
      circle.className = "cw-mp__n";
      circle.textContent = row.count;
      item.append(circle);
    } else {
      item.append(svgSymbol(row.number, row.sign, { closed: row.closed }));
    }
    const title = document.createElement("b");
    title.textContent = row.title;
    const text = document.createElement("span");
    text.textContent = row.text;
    item.append(title, text);
    return item;
  }
}
