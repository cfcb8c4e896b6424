// "没有解决": sent once, however often it is pressed. desk.js closes the button; this keeps what was written while there
// is no network.
const form = document.querySelector("[data-dispute]");

if (form) {
  const key = `chuangwen-dispute ${form.action}`;
  const text = form.elements.reason;
  try {
    if (!text.value) text.value = localStorage.getItem(key) ?? "";
    text.addEventListener("input", () => localStorage.setItem(key, text.value));
  } catch {
    // A browser that keeps nothing still sends.
  }
} else {
  // It was sent, or is not asked for any more.
  const address = `${location.href.split(/[?#]/)[0]}dispute/`;
  try {
    localStorage.removeItem(`chuangwen-dispute ${address}`);
  } catch {
    // Nothing was kept.
  }
}
