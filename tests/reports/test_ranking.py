"""Which material comes first: facts and weights decide, and nothing else."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.reports.rules import (
    DEFAULT_WEIGHTS,
    FEATURES,
    FULL,
    Facts,
    features,
    fitting,
    ranked,
    retyped,
    score,
    taken_out,
    typed_numbers,
)

PLAIN = Facts(
    size=40, heads=40, target=40, planned=False, previous=40, siblings=4,
    reached=2, units=20, photos=0, story=False, used=True,
)  # fmt: skip

facts = st.builds(
    Facts,
    size=st.integers(0, 500),
    heads=st.integers(0, 500),
    target=st.integers(0, 200),
    planned=st.booleans(),
    previous=st.none() | st.integers(0, 500),
    siblings=st.integers(1, 30),
    reached=st.integers(0, 20),
    units=st.integers(0, 20).map(lambda units: units + 20),
    photos=st.integers(0, 9),
    story=st.booleans(),
    used=st.booleans(),
)
weights = st.fixed_dictionaries({name: st.integers(0, 5) for name in FEATURES})


@given(st.lists(facts, min_size=2, max_size=8), weights, st.data())
def test_two_pieces_that_exchange_their_facts_exchange_their_ranks(
    known: list[Facts], weight: dict[str, int], data: st.DataObject
) -> None:
    one, other = data.draw(st.lists(st.integers(0, len(known) - 1), min_size=2, max_size=2, unique=True))
    keys = [str(place) for place in range(len(known))]
    before = dict(zip(keys, known, strict=True))
    after = before | {keys[one]: before[keys[other]], keys[other]: before[keys[one]]}
    scores = [score(each, weight) for each in known]
    exchanged = {keys[one]: keys[other], keys[other]: keys[one]}
    moved = [exchanged.get(key, key) for key in ranked(before, weight)]
    now = ranked(after, weight)
    if len(set(scores)) == len(scores):
        assert now == moved
    assert [score(after[key], weight) for key in now] == [score(before[key], weight) for key in ranked(before, weight)]


@given(facts, weights)
def test_every_feature_and_every_score_lies_between_none_and_full(known: Facts, weight: dict[str, int]) -> None:
    assert set(features(known)) == set(FEATURES)
    assert all(0 <= value <= FULL for value in features(known).values())
    assert 0 <= score(known, weight) <= FULL


@pytest.mark.parametrize(
    ("changed", "feature"),
    [
        ({"size": 60}, "size"),
        ({"previous": 20}, "change"),
        ({"siblings": 1}, "rarity"),
        ({"reached": 18}, "spread"),
        ({"photos": 2}, "photo"),
        ({"story": True}, "story"),
        ({"used": False}, "fresh"),
    ],
)
def test_each_fact_lifts_its_feature_and_no_other_weight_matters(changed: dict[str, object], feature: str) -> None:
    better = replace(PLAIN, **changed)  # type: ignore[arg-type]
    assert features(better)[feature] > features(PLAIN)[feature]
    alone = {name: int(name == feature) for name in FEATURES}
    assert ranked({"plain": PLAIN, "better": better}, alone) == ["better", "plain"]
    assert ranked({"plain": PLAIN, "better": better}, dict.fromkeys(FEATURES, 0)) == ["plain", "better"]


def test_the_facts_are_enough_to_compute_the_rank_again() -> None:
    stored = asdict(PLAIN)
    assert score(Facts(**stored), DEFAULT_WEIGHTS) == score(PLAIN, DEFAULT_WEIGHTS)


@pytest.mark.parametrize(
    ("lengths", "room", "limit", "count"),
    [([100, 100, 100], 250, 6, 2), ([100, 100], 1000, 1, 1), ([300], 200, 6, 0), ([], 100, 6, 0), ([100], 100, 6, 1)],
)
def test_as_many_are_told_as_the_length_and_the_limit_allow(
    lengths: list[int], room: int, limit: int, count: int
) -> None:
    assert fitting(lengths, room=room, limit=limit) == count


class TestTypedNumbers:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("共劝导600人次，比去年多一成", ["600"]),
            ("提高了12.5%", ["12.5%"]),
            ("达到1,400人次、700余次", ["1,400", "700余"]),
            ("15时30分，第3次，安文明〔2026〕1号，2026年", []),
            ("于7月1日成立", ["7月1日"]),
            ("共劝导６３人次", ["63"]),
            ("劝导⟦劝导人次⟧人次", []),
            ("没有数", []),
        ],
    )
    def test_what_no_record_bears_out_is_named_and_days_and_ordinals_are_not(
        self, text: str, numbers: list[str]
    ) -> None:
        assert typed_numbers(text, "") == numbers

    def test_what_the_paragraph_said_before_is_not_the_writers(self) -> None:
        assert typed_numbers("每人2次以上，共50人", "每人2次以上") == ["50"]

    def test_a_day_that_is_a_figure_is_not_typed_either(self) -> None:
        assert retyped("于6月28日成立", "于⟦领导小组成立日期⟧成立", {"领导小组成立日期": "6月28日"}) == [
            "领导小组成立日期"
        ]
        assert taken_out("于7月1日成立", "于⟦领导小组成立日期⟧成立") == ["领导小组成立日期"]

    def test_a_figure_whose_mark_was_taken_out_and_typed_is_named(self) -> None:
        printed = {"劝导人次": "585", "清理小广告次数": "678"}
        standing = "劝导⟦劝导人次⟧人次，清理⟦清理小广告次数⟧处"
        assert retyped("劝导585人次，清理⟦清理小广告次数⟧处", standing, printed) == ["劝导人次"]
        assert retyped("清理⟦清理小广告次数⟧处", standing, printed) == []
        assert retyped("劝导⟦劝导人次⟧人次，即585人次", standing, printed) == []
