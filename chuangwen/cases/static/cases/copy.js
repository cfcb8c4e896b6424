// The button that copies the code, where the browser lets a page do that; else the code is marked, to be copied by hand.
export function copying(root) {
  const button = root.querySelector("[data-copy]");
  const code = root.querySelector("[data-code]");
  button?.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent.trim());
      button.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(code);
    }
  });
}

copying(document);
