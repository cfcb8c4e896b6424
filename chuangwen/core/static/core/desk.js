// The little that a page does by itself: a menu closes when one looks elsewhere, a form is sent once, ticked rows are
// counted, / leads to search.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.cw-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.cw-menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = [...document.querySelectorAll(".cw-search input")].find((each) => each.offsetParent);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  for (const button of event.target.querySelectorAll("button[type=submit]")) {
    setTimeout(() => { button.disabled = true; });
    setTimeout(() => { button.disabled = false; }, 8000);
  }
});

for (const form of document.querySelectorAll(".cw-chooser")) {
  const boxes = [...form.querySelectorAll("input[name=uid]")];
  const page = form.querySelector("[data-pick-all]");
  const found = form.querySelector("input[name=all]");
  const said = form.querySelector("[data-picked]");
  let last = null;
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    page.checked = ticked === boxes.length;
    page.indeterminate = ticked > 0 && ticked < boxes.length;
    if (found && ticked < boxes.length) found.checked = false;
    said.textContent = said.dataset.picked.replace("#", found?.checked ? found.value : ticked);
  };
  page.hidden = false;
  form.addEventListener("change", (event) => {
    if (event.target === page) for (const box of boxes) box.checked = page.checked;
    if (event.target === found && found.checked) for (const box of boxes) box.checked = true;
    show();
  });
  form.addEventListener("click", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0) return;
    if (event.shiftKey && last !== null) {
      for (const box of boxes.slice(Math.min(at, last), Math.max(at, last) + 1)) box.checked = event.target.checked;
    }
    last = at;
    show();
  });
  form.addEventListener("keydown", (event) => {
    // Enter on a box would press the first button of the bar.
    if (event.key === "Enter" && event.target.type === "checkbox") event.preventDefault();
  });
  form.addEventListener("reset", () => setTimeout(show));
  show();
}

// On a narrow screen the tab where one is may lie outside.
document.querySelector(".cw-views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
