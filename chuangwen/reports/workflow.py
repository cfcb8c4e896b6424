"""The states of a report and the verbs that move it on: buttons, rights, services and tests come from this table."""

from dataclasses import dataclass

DRAFT, SUBMITTED, CHECKED, SIGNED, ISSUED, ARCHIVED, DISCARDED = (
    "draft", "submitted", "checked", "signed", "issued", "archived", "discarded",
)  # fmt: skip
# What was made known outside the unit: its text and figures never change, its code says that it is genuine.
OUT = (ISSUED, ARCHIVED)
# Still being made: nobody outside those who make it sees it.
MAKING = (DRAFT, SUBMITTED, CHECKED, SIGNED)


@dataclass(frozen=True)
class Transition:
    """`verb` moves a report from any of `sources` to `target`; `perm` is the permission it needs over the unit.

    `event` is what the log calls it. `by_another`: not by somebody who wrote the text. `reason`: only with a word why.
    """

    verb: str
    event: str
    sources: tuple[str, ...]
    target: str
    perm: str
    by_another: bool = False
    reason: bool = False


TRANSITIONS = (
    Transition("refresh", "report.drafted", (DRAFT,), DRAFT, "report.write"),
    Transition("submit", "report.submitted", (DRAFT,), SUBMITTED, "report.write"),
    Transition("recall", "report.recalled", (SUBMITTED,), DRAFT, "report.write"),
    Transition("check", "report.checked", (SUBMITTED,), CHECKED, "report.check", by_another=True),
    Transition("return", "report.returned", (SUBMITTED, CHECKED), DRAFT, "report.check", reason=True),
    Transition("sign", "report.signed", (CHECKED,), SIGNED, "report.sign"),
    Transition("unsign", "report.unsigned", (SIGNED,), DRAFT, "report.sign", reason=True),
    Transition("issue", "report.issued", (SIGNED,), ISSUED, "report.issue"),
    Transition("archive", "report.archived", (ISSUED,), ARCHIVED, "report.issue"),
    Transition("discard", "report.discarded", (DRAFT, SUBMITTED, CHECKED), DISCARDED, "report.write"),
)


def transition(verb: str) -> Transition:
    """Raises StopIteration for a verb that no row of the table has."""
    return next(row for row in TRANSITIONS if row.verb == verb)


def verbs_from(state: str) -> list[Transition]:
    return [row for row in TRANSITIONS if state in row.sources]
