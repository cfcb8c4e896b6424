"""Every problem that the package can find has its sentence, and every sentence can be filled."""

import re
import string
from pathlib import Path

import pytest

import chuangwen.core.tabular
from chuangwen.core.tabular_messages import MESSAGES, explain

PACKAGE = Path(chuangwen.core.tabular.__file__).parent
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(PACKAGE.glob("*.py")))
RAISED = re.compile(r'(?:bad_cell|_refused|BadWorkbook|BadCell)\(\s*"([a-z_]+)"')
EITHER = re.compile(r'(?:code = |bad_cell\()"([a-z_]+)" if [^\n]* else "([a-z_]+)"')
NOTES = {"ending_xlsx", "ending_xls", "ending_ods", "xls_formulas"}
PARAMETERS = {
    "value", "name", "earliest", "latest", "minimum", "maximum", "places", "length", "limit", "what", "known",
    "nearest", "size", "count",
}  # fmt: skip


def raised() -> set[str]:
    return set(RAISED.findall(SOURCE)) | {code for pair in EITHER.findall(SOURCE) for code in pair}


def test_every_code_has_a_pair_of_sentences_and_none_is_left_over() -> None:
    assert raised() | NOTES == set(MESSAGES)


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_a_sentence_asks_only_for_parameters_that_come_and_is_chinese(code: str) -> None:
    wrong, mend = MESSAGES[code]
    for text in (str(wrong), str(mend)):
        assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= PARAMETERS
        assert re.search("[\u4e00-\u9fff]", text)


def test_explain_fills_the_sentences() -> None:
    wrong, mend = explain("unknown_choice_near", {"value": "捡垃圾", "what": "类别", "nearest": "捡拾垃圾"})
    assert (wrong, mend) == ("没有“捡垃圾”这个类别", "是不是“捡拾垃圾”？")


def test_an_unknown_code_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError):
        explain("no_such_code", {})
