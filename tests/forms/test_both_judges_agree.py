"""Page and server judge alike: random forms and answers through SurveyJS in node and through ours."""

from typing import Any

import pytest

from chuangwen.bench import soak_forms
from chuangwen.forms import surveyjs
from chuangwen.forms.rules import expressions
from chuangwen.forms.rules.answering import answer
from chuangwen.forms.rules.model import Kind
from chuangwen.forms.rules.parsing import parse

pytestmark = pytest.mark.skipif(
    not soak_forms.CORE.exists(), reason="the front end's packages are not there; script/bootstrap brings them"
)


def test_a_slice_of_random_forms_is_judged_alike() -> None:
    assert soak_forms.rounds(150, 7) == []


def test_a_page_that_is_compiled_wrongly_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above could not fail: without its guard a missing answer is unlike everything."""
    whole = surveyjs.expression

    def without_guard(node: expressions.Node) -> str:
        return whole(node).replace("notempty and", "anyof [1] or 1 = 1 and")

    monkeypatch.setattr(surveyjs, "expression", without_guard)
    assert soak_forms.rounds(20, 7)


def test_the_random_forms_have_every_kind_and_sign() -> None:
    """A slice that never asks, hides or refuses anything would prove nothing."""
    kinds: set[str] = set()
    conditions = ""
    problems: set[str] = set()
    hidden = 0
    for source, form, answers in soak_forms.cases(150, 7):
        kinds |= {each.kind.value for each in form.questions()}
        conditions += " ".join(str(each.get("shown_if")) for part in source["sections"] for each in part["questions"])
        found = answer(form, answers)
        problems |= {each.code for each in found.problems}
        hidden += len(set(answers) - {each.name for each in found.asked})
    assert kinds == {kind.value for kind in Kind}
    assert all(sign in conditions for sign in (">=", "!=", "contains", "empty", "not", "and", "or", "*", "+", "-"))
    assert {"answer_missing", "answer_small", "answer_large", "answer_long", "answer_over", "answer_many"} <= problems
    assert hidden > 100


@pytest.mark.parametrize(
    ("written", "compiled"),
    [
        ("{a} > 1", "({a} notempty and ({a} > 1))"),
        ("{a} + {b} * -2 <= {a}", "({a} notempty and {b} notempty and (({a} + ({b} * (-2))) <= {a}))"),
        ("not empty({a})", "!(({a} empty))"),
    ],
)
def test_a_condition_is_compiled_with_a_guard_for_each_question(written: str, compiled: str) -> None:
    assert surveyjs.expression(expressions.read(written)) == compiled


def test_script_in_a_label_is_text_on_the_page() -> None:
    evil: dict[str, Any] = {"zh": "<img src=x onerror=alert(1)>", "en": ""}
    question = {"key": "a", "kind": "counted", "label": evil, "measure": evil, "at_least": 1}
    form = parse({"title": evil, "sections": [{"key": "s", "title": evil, "questions": [question]}]})
    panel = surveyjs.compiled(form)["pages"][0]["elements"][0]["elements"][0]
    markup = [each["html"] for each in panel["elements"] if each["type"] == "html"]
    assert len(markup) == 2
    assert all("<img" not in each for each in markup)
