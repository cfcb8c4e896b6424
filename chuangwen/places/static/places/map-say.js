// What the map says: a message that passes, and what to do now.
let timer = 0;

// actions: [label, act, address]; with actions it stays long enough to be taken back.
export function toast(text, actions = []) {
  const box = document.getElementById("map-toast");
  box.replaceChildren(document.createTextNode(text), ...actions.map(([label, act, href]) => {
    const link = document.createElement(href ? "a" : "button");
    link.textContent = label;
    if (href) link.href = href;
    else link.type = "button";
    link.addEventListener("click", () => {
      if (act) act();
      box.hidden = true;
    });
    return link;
  }));
  box.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { box.hidden = true; }, actions.length ? 60_000 : 6_000);
}

// What to do now, with its buttons: [label, act, urgent].
export function task(text, buttons = []) {
  const box = document.getElementById("map-task");
  box.hidden = !text;
  box.replaceChildren();
  if (!text) return;
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words, ...buttons.map(([label, act, urgent]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = urgent ? "cw-btn cw-btn--go" : "cw-btn";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }));
}
