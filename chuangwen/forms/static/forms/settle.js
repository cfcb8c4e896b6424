// What a filled form hands in, from SurveyJS's own data: shared by the page and by the proof that page and server agree.
// Called by fill.js, and by bench/survey_judge.js in node.
"use strict";
(function (root) {
  // A photo is known by its uid, which its address holds.
  const UID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
  const isText = (question) => ["text", "comment"].includes(question.getType());

  // A question that is not asked has no answer. From above to below, because a condition names only what is above:
  // when a question's turn comes, whether it is asked is decided.
  function settle(survey) {
    for (const question of survey.getAllQuestions()) {
      if (!question.isVisible && !question.isEmpty()) question.clearValue();
    }
  }

  // Blanks around a text do not count, neither for its length nor for whether it is there.
  function trim(survey) {
    for (const question of survey.getAllQuestions()) {
      if (isText(question) && typeof question.value === "string") question.value = question.value.trim();
    }
  }

  function handedIn(survey) {
    const answers = {};
    for (const question of survey.getAllQuestions()) {
      if (!question.isVisible || question.isEmpty() || question.getType() === "html") continue;
      let value = question.value;
      if (question.getType() === "file") value = value.map((file) => file.content.match(UID)[0]);
      answers[question.name] = value;
    }
    return answers;
  }

  root.ChuangwenForms = { settle, trim, handedIn };
})(typeof module === "undefined" ? window : module.exports);
