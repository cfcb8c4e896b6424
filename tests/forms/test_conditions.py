"""The grammar of conditions: what is written comes back as it was meant, and nothing that is typed in breaks it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.forms.rules import expressions as ex
from chuangwen.forms.rules.parsing import parse
from chuangwen.forms.rules.problems import BadForm
from tests.factories.forms import question, source

KEYS = ("a", "b", "c")
SIGNS = ("=", "!=", "<", "<=", ">", ">=")
refs = st.sampled_from(KEYS).map(ex.Ref)
numbers = st.integers(-9, 9).map(ex.Number)
sums = st.recursive(
    st.one_of(refs, numbers), lambda inner: st.builds(ex.Sum, st.sampled_from("+-*"), inner, inner), max_leaves=4
)
compared = st.builds(ex.Compared, st.sampled_from(SIGNS), sums, sums)
conditions = st.recursive(
    st.one_of(compared, refs.map(ex.Empty)),
    lambda inner: st.one_of(
        inner.map(ex.Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: ex.Both(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: ex.Either(tuple(parts))),
    ),
    max_leaves=5,
)
values = st.dictionaries(st.sampled_from(KEYS), st.integers(-9, 9))


def written(node: ex.Node) -> str:
    """As a person would write it, with a bracket more than needed."""
    match node:
        case ex.Number(value):
            return str(value)
        case ex.Ref(key):
            return f"{{{key}}}"
        case ex.Sum(sign, left, right) | ex.Compared(sign, left, right):
            return f"({written(left)} {sign} {written(right)})"
        case ex.Empty(ref):
            return f"empty({written(ref)})"
        case ex.Not(part):
            return f"not ({written(part)})"
        case ex.Both(parts):
            return "(" + " and ".join(f"({written(part)})" for part in parts) + ")"
        case ex.Either(parts):
            return "(" + " or ".join(f"({written(part)})" for part in parts) + ")"
        case _:
            raise TypeError(node)


def truth(node: ex.Node, given_: dict[str, int]) -> bool:
    """A second reckoning, in Python's own words."""
    match node:
        case ex.Compared(sign, left, right):
            if not set(ex.references(node)) <= set(given_):
                return False
            python = {"=": "=="}.get(sign, sign)
            text = f"{written(left)} {python} {written(right)}".replace("{", "").replace("}", "")
            return bool(eval(text, {"__builtins__": {}}, dict(given_)))  # noqa: S307 - our own three letters
        case ex.Empty(ref):
            return ref.key not in given_
        case ex.Not(part):
            return not truth(part, given_)
        case ex.Both(parts):
            return all(truth(part, given_) for part in parts)
        case ex.Either(parts):
            return any(truth(part, given_) for part in parts)
        case _:
            raise TypeError(node)


@settings(max_examples=60, deadline=None)
@given(conditions)
def test_a_condition_comes_back_as_it_was_meant(node: ex.Node) -> None:
    text = written(node)
    if len(text) <= ex.MOST_CHARACTERS:
        try:
            assert ex.read(text) == node
        except ex.BadExpression as bad:
            assert bad.problem.code == "expression_deep"  # noqa: PT017 - the only other way out


@settings(max_examples=60, deadline=None)
@given(conditions, values)
def test_a_condition_holds_when_python_says_so(node: ex.Node, given_: dict[str, int]) -> None:
    assert ex.holds(node, given_) == truth(node, given_)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="{}ab()<>=!+-*'0123456789. andornotempty/%\"\\\n字", max_size=60))
def test_whatever_is_typed_is_a_condition_or_a_sentence(text: str) -> None:
    form: dict[str, Any] = source(question("a", "whole"), question("b", "whole"), question("c", "text", shown_if=text))
    try:
        parse(form)
    except BadForm as bad:
        assert bad.problems  # noqa: PT017


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["key", "kind", "label", "zh", "sections", "questions", "choices", "most", "title"]), inner
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_whatever_json_is_given_is_a_form_or_sentences(given_: object) -> None:
    with pytest.raises(BadForm):
        parse(given_)
    with pytest.raises(BadForm):
        parse(source({"key": "a", "kind": "one", "label": given_, "choices": given_}))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("{a} = 1 or {a} = 2 and {b} = 9", True),
        ("({a} = 1 or {a} = 2) and {b} = 9", False),
        ("not {a} = 1 or {b} = 2", True),
        ("{a} + {b} * 3 = 7", True),
        ("({a} + {b}) * 3 = 9", True),
        ("{b} - {a} - {a} = 0", True),
        ("{a} != {z}", False),
        ("not ({a} = {z})", True),
        ("empty({z})", True),
        ("{z} * 0 = 0", False),
    ],
)
def test_precedence_and_what_is_missing(text: str, holds: bool) -> None:
    assert ex.holds(ex.read(text), {"a": 1, "b": 2}) is holds
