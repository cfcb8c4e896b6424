"""The commands `bench` and `soak`: names, exit codes, and what they write into docs/testing.md."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from chuangwen.bench import documents, importing, runner, undoing
from chuangwen.core import clock
from chuangwen.management.commands.bench import BENCHES
from chuangwen.management.commands.soak import SOAKS

TABLE = "# T\n\n<!-- {} -->\n\n| name | figure | date |\n|---|---|---|\n| `{}` | old | — |\n| `other` | old | — |\n"


def result(**ratios: float) -> runner.Result:
    return runner.Result("made", ratios, {"speed": 2.0})


@pytest.mark.parametrize(
    ("measured", "ok"), [(result(speed=2.0), True), (result(speed=2.01), False), (result(other=1.0), False)]
)
def test_a_limit_missed_or_never_measured_is_not_ok(measured: runner.Result, ok: bool) -> None:
    assert measured.ok is ok
    assert measured.as_json()["ok"] is ok


@pytest.mark.parametrize(("speed", "code"), [(1.5, 0), (2.5, 1)])
def test_bench_prints_one_json_object_and_exits_1_when_a_limit_is_missed(
    monkeypatch: pytest.MonkeyPatch, speed: float, code: int
) -> None:
    monkeypatch.setitem(BENCHES, "made", lambda: result(speed=speed))
    out, exited = StringIO(), 0
    try:
        call_command("bench", "made", stdout=out)
    except SystemExit as stop:
        exited = int(str(stop.code))
    said = json.loads(out.getvalue())
    assert (exited, said["ok"], said["ratios"], said["limits"]) == (code, code == 0, {"speed": speed}, {"speed": 2.0})


@pytest.mark.parametrize("kind", ["bench", "soak"])
def test_an_unknown_name_lists_those_that_there_are(kind: str) -> None:
    known = ", ".join(sorted(BENCHES if kind == "bench" else SOAKS))
    with pytest.raises(CommandError, match=f"no {kind} is called 'nothing'; there are: {known}"):
        call_command(kind, "nothing")


@pytest.mark.parametrize(("failures", "code"), [([], 0), (["half of it came in"], 1)])
def test_soak_notes_figure_and_date_only_when_everything_held(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failures: list[str], code: int
) -> None:
    document = tmp_path / "testing.md"
    document.write_text(TABLE.format("soak", "made"), encoding="utf-8")
    note = runner.note
    monkeypatch.setattr(runner, "note", lambda *given: note(*given, document=document))
    monkeypatch.setitem(SOAKS, "made", lambda count, _seed: runner.Soaked("made", count, failures, f"{count} held"))
    out, exited = StringIO(), 0
    try:
        call_command("soak", "made", "--count", "9", stdout=out)
    except SystemExit as stop:
        exited = int(str(stop.code))
    noted = f"| `made` | 9 held | {clock.today().isoformat()} |" in document.read_text(encoding="utf-8")
    assert (exited, noted, json.loads(out.getvalue())["failures"]) == (code, code == 0, failures)


def test_a_note_changes_its_own_row_alone_and_a_row_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    document = tmp_path / "testing.md"
    document.write_text(TABLE.format("bench", "made"), encoding="utf-8")
    runner.note("bench", "made", r"1.2 \1", document=document)
    lines = document.read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == [rf"| `made` | 1.2 \1 | {clock.today().isoformat()} |", "| `other` | old | — |"]
    with pytest.raises(ValueError, match="no row `missing`"):
        runner.note("bench", "missing", "1", document=document)


def test_every_bench_and_soak_has_its_row_in_the_document() -> None:
    text = runner.DOCUMENT.read_text(encoding="utf-8")
    for kind, names in (("bench", BENCHES), ("soak", SOAKS)):
        rows = text.partition(f"<!-- {kind} -->")[2].partition("\n## ")[0]
        assert all(f"| `{name}` |" in rows for name in names)


@pytest.mark.slow
def test_bench_import_measures_every_figure_that_it_limits() -> None:
    measured = importing.bench(rows=400, many=800, turns=1)
    assert set(measured.ratios) == set(measured.limits) == set(importing.LIMITS)
    assert all(value > 0 for value in measured.ratios.values())
    assert (measured.details["rows"], measured.details["rows_large"]) == (400, 800)


@pytest.mark.slow
def test_bench_undo_measures_every_figure_that_it_limits_while_a_report_stands_on_other_rows() -> None:
    measured = undoing.bench(rows=400, others=100, turns=1)
    assert set(measured.ratios) == set(measured.limits) == set(undoing.LIMITS)
    assert all(value > 0 for value in measured.ratios.values())
    assert measured.details["rows"] == 400
    assert measured.details["figures_standing"] > 10
    assert measured.details["rows_standing"] >= 100


def test_bench_report_measures_every_figure_that_it_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LINK_TURNS", 1)
    measured = documents.bench(few=30, many=60, turns=1)
    assert set(measured.ratios) == set(measured.limits) == set(documents.LIMITS)
    assert all(value > 0 for value in measured.ratios.values())
