// SurveyJS as the second judge: reads one case a line, {"model": …, "answers": …}, and writes what it makes of it.
// Called by chuangwen.bench.soak_forms: node survey_judge.js survey.core.min.js settle.js
"use strict";
const readline = require("node:readline");
const [core, settling] = process.argv.slice(2);
const Survey = require(core);
const { ChuangwenForms } = require(settling);

function judged({ model, answers }) {
  const survey = new Survey.Model(model);
  survey.data = answers;
  ChuangwenForms.trim(survey);
  ChuangwenForms.settle(survey);
  survey.validate(false);
  const asked = survey.getAllQuestions().filter((each) => each.isVisible && each.getType() !== "html");
  const wrong = asked.filter((each) => each.hasErrors(false));
  return {
    asked: asked.map((each) => each.name).sort(),
    wrong: wrong.map((each) => each.name).sort(),
    kept: ChuangwenForms.handedIn(survey),
  };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(judged(JSON.parse(line))) + "\n");
});
