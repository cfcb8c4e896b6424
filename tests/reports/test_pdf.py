"""A document becomes a PDF in which every link of the Word file still opens, at its words, on every page."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from chuangwen.reports import pdf
from chuangwen.reports.docx import Edit, Link, Qr, blocks, links, markup, render, render_draft
from chuangwen.reports.docx.colouring import coloured
from chuangwen.reports.docx.fonts import faces
from chuangwen.reports.docx.package import DOCUMENT, read_parts
from chuangwen.reports.docx.standard_template import build_template
from tests.reports.docx_samples import SCHOOL, figure, figures, saved, template, values, with_part

FORM = (SCHOOL / "template.docx").read_bytes()
MARKS = {"甲": figure("甲", "108", "108", "aaa"), "乙": figure("乙", "585", "585", "bbb")}


@pytest.fixture(scope="module")
def office() -> None:
    if pdf.find_office() is None or shutil.which("pdftotext") is None:
        # Only script/test sets this, after it has said loudly what is not run.
        if os.environ.get("CHUANGWEN_NO_OFFICE") == "1":
            pytest.skip("no LibreOffice or no pdftotext on this machine")
        pytest.fail("PDFs need LibreOffice and pdftotext: script/test without arguments installs them", pytrace=False)


def school() -> bytes:
    """The school's report with an edited and an added paragraph."""
    marks = figures()
    given = values(marks)
    names = {mark.url: name for name, mark in marks.items()}
    street = next(
        block
        for block in blocks(render(FORM, figures=marks, values=given))
        if any("上街实践" in run.text for run in block.runs)
    )
    edits = [
        Edit(street.anchor, markup(street, names) + "另见⟦劝导人次⟧人次劝导。"),
        Edit(street.anchor, "全校⟦学生总数⟧名学生都在册。", key="k", added=True),
    ]
    return render_draft(FORM, figures=marks, values=given, edits=edits).data


@pytest.fixture(scope="module")
def document(office: None) -> bytes:
    return school()


@pytest.fixture(scope="module")
def printed(document: bytes) -> pdf.Pdf:
    return pdf.to_pdf(document)


def under(path: Path, page: int, height: float, rect: list[float]) -> str:
    """The text under a rectangle, as another program reads it."""
    left, low, right, high = rect
    # A letter counts that the crop only touches, so a point less at either side; whole numbers of quarter points.
    crop = {"-x": left + 1, "-y": height - high, "-W": right - left - 2, "-H": high - low}
    numbers = [item for name, value in crop.items() for item in (name, str(round(value * 4)))]
    command = ["pdftotext", "-r", "288", "-f", str(page), "-l", str(page), *numbers, str(path), "-"]
    return "".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def opened(made: pdf.Pdf, folder: Path) -> list[Link]:
    """The links of a PDF in order: the address of each, and the text under its rectangles."""
    path = folder / "made.pdf"
    path.write_bytes(made.data)
    return [
        Link("".join(text for _, _, text in same), url)
        for (_, url), each in groupby(_rectangles(path), key=lambda found: found[:2])
        for same in [list(each)]
    ]


def _rectangles(path: Path) -> Iterator[tuple[str, str, str]]:
    for number, page in enumerate(PdfReader(path).pages, 1):
        for each in page.get("/Annots", []):
            annotation = each.get_object()
            rect = [float(side) for side in annotation["/Rect"]]
            yield annotation["/NM"], annotation["/A"]["/URI"], under(path, number, float(page.mediabox.height), rect)


def test_every_link_of_the_school_form_opens_at_its_words_in_order(
    document: bytes, printed: pdf.Pdf, tmp_path: Path
) -> None:
    wanted = links(document)
    assert len(wanted) > 60
    assert opened(printed, tmp_path) == wanted
    assert printed.unlinked == ()


def test_a_link_over_two_lines_has_a_rectangle_on_each(office: None, tmp_path: Path) -> None:
    classes = figure("丙", "、".join(f"c{number}" for number in range(100, 130)), None, "ccc")
    data = render(template("这些：{{ 丙 }}。又{{ 丙 }}"), figures={"丙": classes}, values={})
    made = pdf.to_pdf(data)
    assert opened(made, tmp_path) == links(data)
    assert len(PdfReader(io.BytesIO(made.data)).pages[0]["/Annots"]) >= 8  # type: ignore[arg-type]


def test_a_link_in_a_footer_opens_on_every_page_and_a_foreign_one_without_a_line_too(
    office: None, tmp_path: Path
) -> None:
    source = Document(io.BytesIO(template("{{ 甲 }}{{ 乙 }}", *["行"] * 30)))
    source.sections[0].footer.paragraphs[0].add_run("见{{ 乙 }}")
    source.sections[0].even_page_footer.paragraphs[0].add_run("又{{ 乙 }}")
    data = render(saved(source), figures=MARKS, values={})
    name = "word/document.xml"
    bare = read_parts(data, DOCUMENT)[name].replace(b'<w:u w:val="dotted" w:color="B5362B"/>', b"")
    made = pdf.to_pdf(with_part(data, name, bare))
    first, second, *footers = opened(made, tmp_path)
    assert [first, second] == [Link("108", MARKS["甲"].url), Link("585", MARKS["乙"].url)]
    assert footers == [Link("585", MARKS["乙"].url)] * 2
    assert len(PdfReader(io.BytesIO(made.data)).pages) == 2


def test_a_link_without_text_is_named_and_not_lost_in_silence(office: None) -> None:
    source = render(template("{{ 甲 }}与{{ 乙 }}"), figures=MARKS, values={})
    name = "word/document.xml"
    emptied = read_parts(source, DOCUMENT)[name].replace(b">108</w:t>", b"></w:t>")
    assert pdf.to_pdf(with_part(source, name, emptied)).unlinked == (Link("", MARKS["甲"].url),)


def test_a_link_whose_words_are_not_printed_is_an_error(office: None) -> None:
    source = render(template("{{ 甲 }}与"), figures=MARKS, values={})
    name = "word/document.xml"
    hidden = read_parts(source, DOCUMENT)[name].replace(b"<w:rPr><w:u ", b"<w:rPr><w:vanish/><w:u ")
    with pytest.raises(pdf.OfficeFailed, match="aaa"):
        pdf.to_pdf(with_part(source, name, hidden))


def test_the_same_document_gives_the_same_pdf_with_its_own_moment(document: bytes, printed: pdf.Pdf) -> None:
    assert pdf.to_pdf(document).data == printed.data
    about = PdfReader(io.BytesIO(printed.data)).metadata
    assert about is not None
    assert str(about["/CreationDate"]) == "D:20260101000000Z"
    assert "创建文明城市工作情况的报告" in str(about.title)


def test_every_face_that_is_not_here_is_named_with_what_is_printed_instead(printed: pdf.Pdf, document: bytes) -> None:
    listed = subprocess.run(["fc-list", "--format", "%{family}\n"], capture_output=True, text=True, check=True)
    here = {name for line in listed.stdout.splitlines() for name in line.split(",")}
    asked = faces(document)
    assert asked == ["方正小标宋简体", "楷体_GB2312", "仿宋_GB2312", "黑体", "宋体"]
    assert [face for face, _ in printed.replaced] == [face for face in asked if face not in here]
    assert all(instead and face not in instead for face, instead in printed.replaced)


def test_a_face_counts_only_where_something_is_set_in_it() -> None:
    source = Document(io.BytesIO(build_template([("cwBody", "甲"), ("cwH1", "")], title="样张")))
    source.paragraphs[0].add_run("x").font.name = "Some Face"
    assert faces(saved(source)) == ["仿宋_GB2312", "Some Face", "宋体"]


def test_each_link_has_a_colour_of_its_own_that_nobody_sees() -> None:
    marks = {f"数{at}": figure(f"数{at}", str(at), str(at), f"d{at}") for at in range(300)}
    data = render(template("".join(f"{{{{ {name} }}}}，" for name in marks)), figures=marks, values={})
    done = coloured(data)
    assert list(done.links) == links(done.data) == links(data)
    assert sorted(done.places.values()) == list(range(300))
    assert all(
        abs(part - own) < 8 for colour in done.places for part, own in zip(colour, (0xB5, 0x36, 0x2B), strict=True)
    )
    assert (0xB5, 0x36, 0x2B) not in done.places


def test_without_an_office_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for office in (None, str(tmp_path / "soffice")):
        with pytest.raises(pdf.NoOffice):
            pdf.to_pdf(template("甲"), office=office)


def program(folder: Path, text: str) -> str:
    path = folder / "office"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [("echo no such filter >&2; exit 1", "no such filter"), ("exit 0", "not a word"), ("touch document.pdf", "empty")],
)
def test_an_office_that_makes_no_pdf_is_quoted(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(pdf.OfficeFailed, match=said):
        pdf.to_pdf(template("甲"), office=program(tmp_path, text))


def test_an_office_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    began = time.monotonic()
    with pytest.raises(pdf.OfficeFailed, match="within"):
        pdf.to_pdf(template("甲"), office=program(tmp_path, f"(sleep 2; touch {trace}) & sleep 60"), seconds=0.5)
    assert time.monotonic() - began < 10
    time.sleep(2)
    assert not trace.exists()


def test_the_qr_code_is_on_the_page(office: None) -> None:
    data = render(template("{{ 二维码 }}"), figures={}, values={"二维码": Qr("https://cw.example.gov.cn/f/aaa")})
    (page,) = PdfReader(io.BytesIO(pdf.to_pdf(data).data)).pages
    (image,) = page["/Resources"]["/XObject"].values()  # type: ignore[index]
    assert image.get_object()["/Width"] == image.get_object()["/Height"]
