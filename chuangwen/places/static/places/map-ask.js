// Questions to the server and what it answers; words of the page in the reader's language.

export class Problem extends Error {
  constructor(message, mend = "") {
    super(message);
    this.mend = mend;
  }

  get sentence() {
    return this.mend ? `${this.message}。${this.mend}` : this.message;
  }
}

// Elements with `data-w` inside `root` are the words; {name} in them is put in.
export function wordsOf(root) {
  const found = new Map([...root.querySelectorAll("[data-w]")].map((each) => [each.dataset.w, each.textContent]));
  return (key, values = {}) => found.get(key).replace(/\{(\w+)\}/g, (_all, name) => values[name]);
}

export function asker(word, token) {
  return async function ask(address, { fields, signal } = {}) {
    const options = { signal, headers: { Accept: "application/json" } };
    if (fields) {
      const body = new FormData();
      for (const [name, value] of Object.entries({ ...fields, csrfmiddlewaretoken: token })) body.append(name, value);
      Object.assign(options, { method: "POST", body });
    }
    let response;
    try {
      response = await fetch(address, options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem(word("offline"), word("offline-mend"));
    }
    if (response.redirected || !response.headers.get("Content-Type").includes("json")) {
      throw new Problem(word("signed-out"), word("signed-out-mend"));
    }
    const said = await response.json();
    if (!response.ok) throw new Problem(said.error.message, said.error.mend);
    return said;
  };
}
