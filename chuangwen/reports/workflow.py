"""The states of a report and the verbs that move it on: buttons, rights, services and tests come from this table."""

from dataclasses import dataclass

DRAFT, ISSUED, DISCARDED = "draft", "issued", "discarded"


@dataclass(frozen=True)
class Transition:
    """`verb` moves a report from any of `sources` to `target`; `perm` is the permission it needs over the unit."""

    verb: str
    sources: tuple[str, ...]
    target: str
    perm: str


TRANSITIONS = (
    Transition("refresh", (DRAFT,), DRAFT, "report.write"),
    Transition("issue", (DRAFT,), ISSUED, "report.issue"),
    Transition("discard", (DRAFT,), DISCARDED, "report.write"),
)


def transition(verb: str) -> Transition:
    """Raises StopIteration for a verb that no row of the table has."""
    return next(row for row in TRANSITIONS if row.verb == verb)


def verbs_from(state: str) -> list[Transition]:
    return [row for row in TRANSITIONS if state in row.sources]
