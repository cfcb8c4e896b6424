"""A template that cannot be used is refused with the place and the reason, before any figure goes in."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document

from chuangwen.reports.docx import BadTemplate, check, names_used, render
from chuangwen.reports.docx.package import DOCUMENT, TEMPLATE, read_parts, write_parts
from chuangwen.reports.template_messages import MESSAGES, explain
from tests.reports.docx_samples import figures, saved, template, with_part

KNOWN = figures()
RELS = "word/_rels/document.xml.rels"


def codes(data: bytes) -> list[str]:
    return [problem.code for problem in check(data, KNOWN)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ 公共设施维护次数.__class__ }}", "forbidden"),
        ("{{ ''.__class__.__mro__ }}", "forbidden"),
        ("{{ 公共设施维护次数.split }}", "forbidden"),
        ("{{ 公共设施维护次数|upper }}", "forbidden"),
        ("{{ 公共设施维护次数|attr('number') }}", "forbidden"),
        ("{{ 公共设施维护次数['number'] }}", "forbidden"),
        ("{{ 公共设施维护次数 ** 9 }}", "forbidden"),
        ("{{ range(9) }}", "forbidden"),
        ("{{ 序.__globals__ }}", "forbidden"),
        ("{{ self }}", "forbidden"),
        ("{{ [1, 2] }}", "forbidden"),
        ("{% for 甲 in 班级数 %}{% for 乙 in 班级数 %}{% endfor %}{% endfor %}", "forbidden"),
        ("{{r 公共设施维护次数 }}", "forbidden"),
        ("{%- if 班级数 %}{% endif %}", "forbidden"),
        ("{% import 'os' as 甲 %}", "forbidden-tag"),
        ("{% include '甲' %}", "forbidden-tag"),
        ("{% set 甲 = 1 %}", "forbidden-tag"),
        ("{% raw %}{% endraw %}", "forbidden-tag"),
        ("{{ 公共设施维护次数", "unclosed-tag"),
        ("公共设施维护次数 }}", "unclosed-tag"),
        ("｛｛ 公共设施维护次数 ｝｝", "fullwidth"),
        ("{% if 班级数 ＞ 0 %}甲{% endif %}", "fullwidth"),
        ("{% if 班级数 > 0 %}甲", "block-crosses"),
        ("甲{%p if 班级数 > 0 %}", "tag-not-alone"),
        ("{{ 公共设施维护次数 + }}", "syntax"),
        ("{%p if 班级数 > 0 %}", "syntax"),
        ("{{ 公共设施维修次数 }}", "unknown-name"),
    ],
)
def test_a_bad_construct_is_refused_and_its_place_named(text: str, code: str) -> None:
    data = template("甲", "乙", text)
    first = check(data, KNOWN)[0]
    assert (first.where, first.code) == ("第 3 段", code)
    assert first.fragment.strip("…") in text
    with pytest.raises(BadTemplate) as caught:
        render(data, figures=KNOWN, values={})
    assert caught.value.problems[0] == first


def test_an_unknown_figure_names_its_nearest() -> None:
    (problem,) = check(template("共{{ 公共设施维修次数 }}次"), KNOWN)
    assert problem.params == {"name": "公共设施维修次数", "nearest": "公共设施维护次数"}
    assert problem.fragment == "{{ 公共设施维修次数 }}"
    assert "公共设施维护次数" in explain(problem.code, problem.params)[1]
    (strange,) = check(template("{{ zz }}"), KNOWN)
    assert strange.params["nearest"] == ""


def test_every_problem_is_named_not_only_the_first() -> None:
    problems = check(template("{{ 甲甲 }}", "{{ 班级数 }}", "{{ 乙乙 }}"), KNOWN)
    assert [(problem.where, problem.params["name"]) for problem in problems] == [
        ("第 1 段", "甲甲"),
        ("第 3 段", "乙乙"),
    ]


def test_a_problem_in_a_table_or_a_footer_says_so() -> None:
    document = Document(io.BytesIO(template("甲")))
    document.add_table(2, 1).cell(1, 0).text = "{{ 甲甲 }}"
    document.sections[0].footer.paragraphs[0].add_run("{{ 乙乙 }}")
    places = [problem.where for problem in check(saved(document), KNOWN)]
    assert places == ["第 1 张表第 2 行", "页脚第 1 段"]


def test_a_row_loop_must_have_its_row_to_itself() -> None:
    document = Document(io.BytesIO(template("甲")))
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "{%tr for 行 in 班级数 %}", "丢失的字"
    assert codes(saved(document)) == ["tag-not-alone"]


def test_names_come_in_order_of_first_use_without_loop_variables_and_helpers() -> None:
    data = template(
        "{{ 序('甲') }}{{ 劝导人次 }}",
        "{% for 行 in 表 %}{{ 行.名称 }}{{ 班级数 }}{% endfor %}{{ 劝导人次 }}",
    )
    assert names_used(data) == ["劝导人次", "表", "班级数"]
    with pytest.raises(BadTemplate):
        names_used(template("{{ 劝导人次"))


def added_relation(kind: str, target: str, *, external: bool = True) -> bytes:
    data = template("甲")
    mode = ' TargetMode="External"' if external else ""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    added = f'<Relationship Id="x9" Type="{office}/{kind}" Target="{target}"{mode}/></Relationships>'
    old = read_parts(data, TEMPLATE)[RELS]
    return with_part(data, RELS, old.replace(b"</Relationships>", added.encode()))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"not a zip", "not-docx"),
        (write_parts({"a.txt": b"x"}), "not-docx"),
        (b"x" * (5 * 1024 * 1024 + 1), "too-large"),
        (with_part(template("甲"), "word/vbaProject.bin", b"x"), "macro"),
        (with_part(template("甲"), "word/embeddings/oleObject1.bin", b"x"), "embedded-object"),
        (with_part(template("甲"), "word/big.bin", bytes(9 * 1024 * 1024)), "unpacked-too-large"),
        (with_part(template("甲"), "word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "dtd"),
        (
            with_part(template("甲"), "word/x.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")),
            "dtd",
        ),
        (with_part(template("甲"), "word/x.xml", b"<a>"), "broken-xml"),
        (with_part(template("甲"), "../x.bin", b"x"), "not-docx"),
        (added_relation("attachedTemplate", "http://example.com/a.dotm"), "outside-content"),
        (added_relation("image", "http://example.com/a.png"), "outside-content"),
        (added_relation("hyperlink", "file:///etc/passwd"), "outside-content"),
        (added_relation("oleObject", "embed.bin", external=False), "embedded-object"),
    ],
)
def test_a_dangerous_or_broken_file_is_refused(data: bytes, code: str) -> None:
    assert codes(data) == [code]


def test_a_macro_document_under_another_name_is_refused() -> None:
    name, data = "[Content_Types].xml", template("甲")
    old = read_parts(data, DOCUMENT)[name]
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    changed = old.replace(main, b"application/vnd.ms-word.document.macroEnabled.main+xml")
    assert changed != old
    assert codes(with_part(data, name, changed)) == ["macro"]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ('<w:fldSimple w:instr="DDEAUTO c:\\a.exe"/>', "forbidden-field"),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDE</w:instrText></w:r>'
         "<w:r><w:instrText>TEXT x</w:instrText></w:r>", "forbidden-field"),
        ("<w:ins><w:r><w:t>乙</w:t></w:r></w:ins>", "tracked-changes"),
    ],
)  # fmt: skip
def test_fields_that_fetch_and_open_revisions_are_refused(inside: str, code: str) -> None:
    data, name = template("甲"), "word/document.xml"
    old = read_parts(data, TEMPLATE)[name].decode()
    end = old.index("</w:p>")
    assert codes(with_part(data, name, (old[:end] + inside + old[end:]).encode())) == [code]


def test_a_bomb_is_refused_by_what_it_says_it_unpacks_to() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(5):
            archive.writestr(f"{place}.bin", bytes(7 * 1024 * 1024))
    assert codes(out.getvalue()) == ["unpacked-too-large"]


def test_every_code_has_a_sentence_and_leaves_no_gap_open() -> None:
    for code in MESSAGES:
        what, mend = explain(code, {"name": "甲", "nearest": "乙", "detail": "丙", "limit": "5"})
        assert "%(" not in what + mend
        assert what
        assert mend
