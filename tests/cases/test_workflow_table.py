"""The table itself: nothing in it leads nowhere or is named twice, and pages have words for all of it."""

import pytest

from chuangwen.cases import workflow
from chuangwen.cases.models import CaseKind, CaseState, Phase
from chuangwen.cases.services.effects import EFFECTS
from chuangwen.cases.services.given import Given, missing
from chuangwen.cases.wording import CAPACITIES, FIRST, MARKS, SAID
from chuangwen.people.rules import Perm


def test_states_and_kinds_are_the_ones_of_the_database() -> None:
    assert set(workflow.STATES) == set(CaseState.values)
    assert set(workflow.KINDS) == set(CaseKind.values)
    assert set(workflow.PHASES) == set(Phase.values)


def test_no_verb_stands_twice() -> None:
    assert len(workflow.VERBS) == len(workflow.TRANSITIONS)


def test_every_open_state_has_a_phase_and_no_ended_one_has() -> None:
    assert set(workflow.PHASE_OF) == set(workflow.OPEN)


@pytest.mark.parametrize("row", workflow.TRANSITIONS, ids=lambda row: row.verb)
def test_a_row_names_only_what_there_is(row: workflow.Transition) -> None:
    targets = {row.target, row.at_limit, row.leadless} - {workflow.SAME}
    assert targets | set(row.sources) <= set(workflow.STATES)
    assert {*row.needs, *row.takes} <= set(Given.__dataclass_fields__)
    assert set(row.needs) <= set(missing())
    assert set(row.by) <= set(CAPACITIES)
    assert row.verb in SAID


def test_every_capacity_stands_on_a_permission_that_exists() -> None:
    assert set(workflow.PERMS.values()) <= {perm.value for perm in Perm}


def test_from_every_open_state_there_is_a_way_to_an_end() -> None:
    for kind in workflow.KINDS:
        for state in workflow.OPEN:
            assert ends_from(state, kind), (kind, state)


def ends_from(state: str, kind: str) -> bool:
    reached, grew = {state}, True
    while grew:
        rows = [row for each in reached for row in workflow.verbs_from(each, kind)]
        found = {target for row in rows for target in (row.target, row.at_limit, row.leadless) if target}
        grew = not found <= reached
        reached |= found
    return bool(reached & set(workflow.DONE))


def test_what_effects_there_are_belong_to_verbs() -> None:
    assert set(EFFECTS) <= set(workflow.VERBS)
    assert set(MARKS) == set(workflow.STATES)
    assert set(FIRST) <= set(workflow.VERBS)


def test_no_end_is_reached_but_by_an_office_a_verifier_or_an_answer() -> None:
    for row in workflow.TRANSITIONS:
        if row.target == workflow.CLOSED:
            assert row.by == (workflow.VERIFIER,)
            assert row.by_another
