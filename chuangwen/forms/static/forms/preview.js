// The form as it looks on a phone, to be tried: nothing is kept and nothing is sent.
"use strict";
{
  const given = JSON.parse(document.getElementById("form-data").textContent);
  const survey = ChuangwenForms.draw(given, document.getElementById("survey"));
  survey.onValueChanged.add(() => ChuangwenForms.settle(survey));
}
