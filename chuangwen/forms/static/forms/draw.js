// Draws a survey under the house's content security policy. Called by fill.js and preview.js, loaded before them.
"use strict";
{
  // Icons go into the page as markup; a style written into markup is refused by the policy, and none is needed.
  const icons = Survey.SvgRegistry.icons;
  for (const name of Object.keys(icons)) icons[name] = icons[name].replace(/ style="[^"]*"/g, "");

  ChuangwenForms.draw = (given, element) => {
    Survey.surveyLocalization.locales[given.locale].chooseFileCaption = given.photo;
    const survey = new Survey.Model(given.model);
    survey.locale = given.locale;
    SurveyUI.renderSurvey(survey, element);
    return survey;
  };
}
