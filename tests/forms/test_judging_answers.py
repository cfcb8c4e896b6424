"""What the server makes of answers: kept, not asked for, or wrong with a sentence at its question."""

from typing import Any

import pytest

from chuangwen.forms.messages import said
from chuangwen.forms.rules.answering import answer
from chuangwen.forms.rules.model import Form
from chuangwen.forms.rules.parsing import parse
from chuangwen.forms.rules.verdicts import Summary, summary, verdicts
from tests.factories.forms import MET, checklist, question, source, text

CHOICES = [{"key": "x", "label": text("甲")}, {"key": "y", "label": text("乙")}]
NOT_THERE: Any = object()


def codes(form: Form, given: object) -> list[tuple[str, str]]:
    found = answer(form, given)
    assert all(said(each)[0] for each in found.problems)
    return [(each.code, each.where) for each in found.problems]


@pytest.mark.parametrize(
    ("asked", "given", "kept"),
    [
        (question("a", "text"), "  桥口街 ", "桥口街"),
        (question("a", "text", most=3), "三个字", "三个字"),
        (question("a", "text"), "<script>alert(1)</script>", "<script>alert(1)</script>"),
        (question("a", "long_text"), "一\n二", "一\n二"),
        (question("a", "whole"), 5.0, 5),
        (question("a", "decimal"), 5, 5.0),
        (question("a", "date"), "2026-02-28", "2026-02-28"),
        (question("a", "time"), "07:30", "07:30"),
        (question("a", "yes_no"), False, False),
        (question("a", "one", choices=CHOICES), "x", "x"),
        (question("a", "several", choices=CHOICES), ["y", "x"], ["x", "y"]),
    ],
)
def test_a_good_answer_is_kept(asked: dict[str, Any], given: object, kept: object) -> None:
    found = answer(parse(source(asked)), {"a": given})
    assert found.problems == []
    assert found.values == {"a": kept}


@pytest.mark.parametrize(
    ("asked", "given", "code"),
    [
        (question("a", "text"), NOT_THERE, "answer_missing"),
        (question("a", "text"), None, "answer_missing"),
        (question("a", "text"), " \u3000\t", "answer_missing"),
        (question("a", "text"), 5, "answer_no_text"),
        (question("a", "text"), ["字"], "answer_no_text"),
        (question("a", "text"), {"a": {"a": {}}}, "answer_no_text"),
        (question("a", "text"), "a\0b", "answer_bad_sign"),
        (question("a", "text"), "\ud800", "answer_bad_sign"),
        (question("a", "text", most=3), "四个字了", "answer_long"),
        (question("a", "text", most=3), "😀😀", "answer_long"),
        (question("a", "whole"), 1.5, "answer_not_whole"),
        (question("a", "whole"), True, "answer_no_number"),
        (question("a", "whole"), "5", "answer_no_number"),
        (question("a", "whole"), float("nan"), "answer_no_number"),
        (question("a", "whole"), float("inf"), "answer_no_number"),
        (question("a", "decimal"), float("-inf"), "answer_no_number"),
        (question("a", "whole"), 10**400, "answer_no_number"),
        (question("a", "whole", low=1), 0, "answer_small"),
        (question("a", "whole", high=1), 2, "answer_large"),
        (question("a", "date"), "2026-02-30", "answer_no_day"),
        (question("a", "date"), "20260228", "answer_no_day"),
        (question("a", "date"), "1999-12-31", "answer_day_out"),
        (question("a", "time"), "25:00", "answer_no_time"),
        (question("a", "yes_no"), "true", "answer_no_truth"),
        (question("a", "yes_no"), 1, "answer_no_truth"),
        (question("a", "one", choices=CHOICES), "z", "answer_no_choice"),
        (question("a", "one", choices=CHOICES), ["x"], "answer_no_choice"),
        (question("a", "several", choices=CHOICES), ["x", "z"], "answer_no_choice"),
        (question("a", "several", choices=CHOICES), ["x", "x"], "answer_choice_twice"),
        (question("a", "several", choices=CHOICES), "x", "answer_no_list"),
        (question("a", "photo"), ["not-a-uid"], "answer_no_photos"),
        (question("a", "photo"), [5], "answer_no_photos"),
        (question("a", "photo"), ["8d6f1f4e-2a43-4d0f-9a1f-0c7a6f6c9e11"] * 2, "answer_no_photos"),
        (question("a", "photo", most=1), [f"8d6f1f4e-2a43-4d0f-9a1f-0c7a6f6c9e1{n}" for n in "12"], "answer_many"),
        (question("a", "check", may_not_apply=False), "na", "answer_no_choice"),
    ],
)
def test_a_bad_answer_is_named_at_its_question(asked: dict[str, Any], given: object, code: str) -> None:
    form = parse(source(asked))
    assert codes(form, {} if given is NOT_THERE else {"a": given}) == [(code, "a")]


def test_an_answer_to_a_question_that_is_not_there_is_refused() -> None:
    form = parse(source(question("a", "text", required=False)))
    assert codes(form, {"b": 1, "a__note": "x"}) == [("answer_unknown", ""), ("answer_unknown", "")]


def test_of_many_strange_questions_a_few_are_named_and_the_rest_counted() -> None:
    form = parse(source(question("a", "text", required=False)))
    assert [code for code, _where in codes(form, {f"x{n}": 1 for n in range(900)})] == ["answer_unknown"] * 5 + [
        "answers_unknown_more"
    ]
    assert codes(form, {f"x{n}": 1 for n in range(10_000)}) == [("answers_too_many", "")]


@pytest.mark.parametrize("nonsense", [None, [], "a", 5])
def test_what_is_no_set_of_answers_is_refused(nonsense: object) -> None:
    assert codes(parse(checklist()), nonsense) == [("answers_no_object", "")]


def test_an_answer_to_a_question_that_is_not_asked_is_not_kept() -> None:
    form = parse(source(question("a", "yes_no"), question("b", "text", shown_if="{a} = true")))
    assert answer(form, {"a": False, "b": "藏着的"}).values == {"a": False}
    assert codes(form, {"a": False}) == []
    assert codes(form, {"a": True}) == [("answer_missing", "b")]


def test_what_is_hidden_counts_as_missing_for_what_stands_below() -> None:
    form = parse(
        source(
            question("a", "yes_no"),
            question("b", "whole", shown_if="{a} = true", required=False),
            question("c", "text", shown_if="{b} > 3", required=False),
            question("d", "text", shown_if="not ({b} > 3)", required=False),
        )
    )
    assert set(answer(form, {"a": False, "b": 9, "c": "丙", "d": "丁"}).values) == {"a", "d"}
    assert set(answer(form, {"a": True, "b": 9, "c": "丙", "d": "丁"}).values) == {"a", "b", "c"}


def test_a_section_that_is_not_asked_asks_nothing() -> None:
    given = source(question("a", "yes_no"))
    given["sections"].append(
        {"key": "more", "title": text("二"), "shown_if": "{a} = true", "questions": [question("b", "text")]}
    )
    form = parse(given)
    assert answer(form, {"a": False, "b": "乙"}).values == {"a": False}
    assert codes(form, {"a": True}) == [("answer_missing", "b")]


def test_a_checklist_that_is_met_asks_for_no_proof() -> None:
    found = answer(parse(checklist()), MET)
    assert found.problems == []
    assert summary(found) == Summary(met=4)
    assert summary(found).judged == 4


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ({"clean": "not_met"}, "clean"),
        ({"notices": 4}, "notices"),
        ({"recited": 2}, "recited"),
        ({"recited__asked": 10, "recited": 5}, "recited"),
        ({"lit": 94}, "lit"),
        ({"lit": 189, "lit__asked": 200}, "lit"),
    ],
)
def test_an_item_is_not_met_by_its_numbers(change: dict[str, Any], bad: str) -> None:
    found = answer(parse(checklist()), MET | change)
    assert [key for key, said_ in verdicts(found).items() if said_ == "not_met"] == [bad]


@pytest.mark.parametrize(
    "change",
    [{"notices": 5}, {"recited": 3}, {"recited__asked": 10, "recited": 6}, {"lit": 95}, {"lit": 19, "lit__asked": 20}],
)
def test_the_number_that_is_asked_for_is_enough(change: dict[str, Any]) -> None:
    assert summary(answer(parse(checklist()), MET | change)).met == 4


def test_a_bad_answer_demands_its_note_and_its_photo() -> None:
    form = parse(source(question("a", "check", proof=["note", "photo"])))
    assert codes(form, {"a": "not_met"}) == [("answer_missing", "a__note"), ("answer_missing", "a__photos")]
    assert codes(form, {"a": "na"}) == []
    kept = answer(form, {"a": "met", "a__note": "旧的", "a__photos": []}).values
    assert kept == {"a": "met"}


def test_an_item_that_does_not_apply_needs_no_numbers_and_is_not_counted() -> None:
    found = answer(parse(checklist()), {"clean": "na", "notices__na": True, "recited__na": True, "lit__na": True})
    assert found.problems == []
    assert summary(found) == Summary(not_applicable=4)


def test_more_cannot_be_right_than_were_asked() -> None:
    assert codes(parse(checklist()), MET | {"recited": 6}) == [("answer_over", "recited")]
    assert codes(parse(checklist()), MET | {"recited__asked": 4}) == [("answer_small", "recited__asked")]


def test_a_missing_item_is_unanswered_where_it_may_be() -> None:
    form = parse(source(question("a", "check", required=False), question("b", "counted", at_most=15, required=False)))
    assert summary(answer(form, {})) == Summary(unanswered=2)
    assert summary(answer(form, {"a": "met", "b": 15})) == Summary(met=2)
    assert summary(answer(form, {"a": "met", "b": 16})) == Summary(met=1, not_met=1)
