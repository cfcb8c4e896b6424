"""What a form is, what it asks for and whether answers to it will do. Pure: no Django, no database.

`parsing` reads the form's JSON, `expressions` its conditions, `fields` spells out every single value that is asked
for, `answering` judges answers, `verdicts` counts what is met. `forms.surveyjs` compiles the same fields for the page.
"""
