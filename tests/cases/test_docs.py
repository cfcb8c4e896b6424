"""docs/cases.md shows the table of the code, row by row."""

import re

from chuangwen.cases import workflow
from chuangwen.cases.wording import SAID
from tests.architecture.files import ROOT

TEXT = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def test_every_verb_stands_with_who_may_use_it_where_it_leads_and_what_it_needs() -> None:
    written = {
        verb: (label, who.split(", "), to, re.findall(r"`(\w+)`", needs), re.findall(r"`(\w+)`", takes))
        for verb, label, who, _source, to, needs, takes in ROW.findall(TEXT)
    }
    assert set(written) == set(workflow.VERBS)
    for verb, (label, who, to, needs, takes) in written.items():
        row = workflow.VERBS[verb]
        assert (label, tuple(who), tuple(needs), tuple(takes)) == (str(SAID[verb].button), row.by, row.needs, row.takes)
        assert re.findall(r"`(\w+)`", to) == [state for state in (row.target, row.at_limit, row.leadless) if state]


def test_every_kind_stands_there() -> None:
    kinds = re.findall(r"^\| `(\w+)` \| \S+ \| (none|text|photo) \|", TEXT, re.MULTILINE)
    assert kinds == [(kind.code, kind.proof) for kind in workflow.KINDS.values()]
