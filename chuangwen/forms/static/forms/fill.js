// Fills a form: draws it, keeps a draft in the browser, sends it, shows what the server says at its question.
"use strict";
{
  const given = JSON.parse(document.getElementById("form-data").textContent);
  const words = document.getElementById("form-words").dataset;
  const by = (id) => document.getElementById(id);
  // One draft for each version, place and person: a device may go round.
  const key = ["cw-form", given.version, given.place || "-", given.person].join(":");

  const said = (sentence, ...values) => values.reduce((text, value, at) => text.replace(`#${at + 1}`, value), sentence);

  // crypto.randomUUID is only there over https; an intranet may not have it.
  function newUid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function readDraft() {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  let draft = readDraft() || { uid: newUid(), started_at: new Date().toISOString(), data: {} };
  const survey = ChuangwenForms.draw(given, by("survey"));

  function keepDraft() {
    draft.data = survey.data;
    try {
      localStorage.setItem(key, JSON.stringify(draft));
      by("form-kept").textContent = words.kept;
    } catch {
      by("form-kept").textContent = words.unkept;
    }
  }

  function dropDraft() {
    try {
      localStorage.removeItem(key);
    } catch {
      // Where nothing can be kept there is nothing to drop.
    }
  }

  // One question may have several fields; it is done when none of them that is needed is empty.
  function showProgress() {
    const visible = survey.getAllQuestions().filter((each) => each.isVisible);
    const counted = new Set();
    const open = new Set();
    for (const each of visible) {
      const question = each.name.split("__")[0];
      if (each.isRequired || each.name.endsWith("__na")) counted.add(question);
      if (each.isRequired && each.isEmpty()) open.add(question);
    }
    const bad = visible.filter((each) => each.name.endsWith("__bad") || each.value === "not_met").length;
    const parts = [said(words.done, counted.size - open.size, counted.size)];
    if (bad) parts.push(said(words.bad, bad));
    by("form-progress").textContent = parts.join("　");
  }

  function problem(text) {
    const box = by("form-problem");
    box.textContent = text;
    box.hidden = !text;
    if (text) box.scrollIntoView({ block: "nearest" });
  }

  if (Object.keys(draft.data).length) {
    survey.data = draft.data;
    ChuangwenForms.settle(survey);
    by("form-draft").hidden = false;
  }
  survey.onValueChanged.add(() => {
    ChuangwenForms.settle(survey);
    problem("");
    showProgress();
    keepDraft();
  });

  by("form-drop").addEventListener("click", () => {
    if (!window.confirm(words.drop)) return;
    dropDraft();
    window.location.reload();
  });

  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] || "";

  async function ask(address, body, headers = {}) {
    const answer = await fetch(address, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), Accept: "application/json", ...headers },
    });
    const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    return { status: answer.status, ok: answer.ok && json, said: json ? await answer.json() : null };
  }

  const sentence = (answer, otherwise) => {
    const error = answer.said?.error;
    if (answer.status === 401 || !answer.said) return answer.status === 401 || answer.ok ? words.signin : otherwise;
    return [error.message, error.mend].filter(Boolean).join("。");
  };

  // One uid for a file, however often it is sent: after a lost answer the same photo is the same photo.
  const uids = new WeakMap();
  function uidOf(file) {
    if (!uids.has(file)) uids.set(file, newUid());
    return uids.get(file);
  }

  async function upload(file) {
    const body = new FormData();
    body.append("file", file);
    body.append("uid", uidOf(file));
    body.append("unit", given.unit);
    body.append("only_photo", "1");
    if (given.place) body.append("place", given.place);
    const answer = await ask(given.upload, body);
    if (!answer.ok) throw new Error(sentence(answer, words.photo));
    return { file, content: answer.said.url };
  }

  survey.onUploadFiles.add(async (_survey, options) => {
    try {
      options.callback(await Promise.all(options.files.map(upload)));
    } catch (problem_) {
      options.callback([], [problem_ instanceof TypeError ? words.photo : problem_.message]);
    }
  });

  function toQuestion(question) {
    question.focus();
    document.getElementById(question.id)?.scrollIntoView({ block: "center" });
  }

  // What the server found is shown where it belongs; what belongs to no question stands below.
  function showProblems(answer) {
    const rest = [];
    let first = null;
    for (const each of answer.said?.problems || []) {
      const question = survey.getQuestionByName(each.where);
      const text = [each.message, each.mend].filter(Boolean).join("。");
      if (!question) rest.push(text);
      else question.addError(new Survey.CustomError(text));
      first = first || question;
    }
    problem(answer.said?.problems ? rest.join(" ") : sentence(answer, words.offline));
    if (first) toQuestion(first);
  }

  async function send() {
    ChuangwenForms.trim(survey);
    ChuangwenForms.settle(survey);
    if (!survey.validate(true)) {
      const wrong = survey.getAllQuestions().filter((each) => each.isVisible && each.errors.length);
      problem(said(words.missing, wrong.length));
      if (wrong.length) toQuestion(wrong[0]);
      return;
    }
    problem("");
    by("form-send").disabled = true;
    try {
      const answer = await ask(given.submit, JSON.stringify({
        version: given.version, place: given.place, unit: given.unit, uid: draft.uid,
        started_at: draft.started_at, told_at: new Date().toISOString(), answers: ChuangwenForms.handedIn(survey),
      }), { "Content-Type": "application/json" });
      if (answer.ok) {
        dropDraft();
        window.location.assign(answer.said.url);
        return;
      }
      showProblems(answer);
    } catch {
      problem(words.offline);
    }
    by("form-send").disabled = false;
  }

  by("form-send").addEventListener("click", send);
  showProgress();
}
