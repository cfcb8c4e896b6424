"""A clerk changes the Word template and uploads it: checked first, in force from the next draft on."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from chuangwen.core import files
from chuangwen.reports import docx, queries, services, writing
from chuangwen.reports.models import ReportTemplate
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.state import nothing_changes, one_event
from tests.reports.cast import START, page, paragraphs, write

FORM = "primary-school"
SENTENCE = "另外，全校捡拾垃圾{{ 捡拾垃圾次数 }}次，其中心得{{ 心得篇数 }}篇。"


def with_sentence(template: bytes, sentence: str) -> bytes:
    """The template as a clerk saves it from Word: one more paragraph before 特此报告。"""
    document = Document(io.BytesIO(template))
    (closing,) = [each for each in document.paragraphs if each.text.startswith("特此报告")]
    added = closing.insert_paragraph_before(sentence)
    added.style = closing.style
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def address(city: City) -> str:
    return reverse("templates", args=[city["school"].code, FORM])


def download(client: Client, city: City) -> bytes:
    """The template in force, by the link on the page."""
    current = queries.template_in_force(queries.form(FORM), city["school"])
    link = reverse("template-file", args=[city["school"].code, current.uid])
    assert link in page(client, address(city))
    return b"".join(client.get(link).streaming_content)  # type: ignore[attr-defined]


def send(client: Client, city: City, data: bytes, name: str = "我校模板.docx") -> object:
    return client.post(address(city), {"file": SimpleUploadedFile(name, data)})


def test_a_sentence_with_an_existing_figure_is_printed_with_its_link_in_the_next_draft(city: City) -> None:
    OutcomeFactory.create(unit=city["c98"], amount=734, day=START)
    clerk = city.client("clerk")
    changed = with_sentence(download(clerk, city), SENTENCE)
    with one_event("template.kept") as written:
        send(clerk, city, changed)
    assert written.event.data["form"] == FORM
    assert download(clerk, city) == changed
    clerk.post(
        reverse("new-report"),
        {"unit": city["school"].pk, "form": FORM, "start": "2026-03-01", "end": "2026-06-30"},
    )
    report = queries.reports(city.viewer("clerk")).get()
    document = files.read(report.document)  # type: ignore[arg-type]
    assert "另外，全校捡拾垃圾700余次，其中心得0篇。" in paragraphs(document)
    litter = report.figures.get(name="捡拾垃圾次数")
    assert docx.links(document).count(docx.Link("700余", writing.address(litter.code))) == 2
    assert docx.links(document).count(docx.Link("734", writing.address(litter.code))) == 1


@pytest.mark.parametrize(
    ("sentence", "what", "mend"),
    [
        ("捡拾{{ 捡拾垃极次数 }}次", "没有叫“捡拾垃极次数”的数字", "是否要写“捡拾垃圾次数”？"),
        ("捡拾{{ 捡拾垃圾次数 次", "没有配对", "须写在同一段里"),
        ("捡拾{{ 捡拾垃圾次数＋1 }}次", "全角符号", "半角"),
        ("{{ 单位名称.__class__ }}", "不能用", "模板里只用数字名称"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_place_and_mend_and_the_old_one_stays(
    city: City, sentence: str, what: str, mend: str
) -> None:
    clerk = city.client("clerk")
    standing = download(clerk, city)
    with nothing_changes():
        answer = send(clerk, city, with_sentence(standing, sentence))
    (told,) = answer.context["form"].errors["file"]  # type: ignore[attr-defined]
    assert what in told
    assert mend in told
    assert told.startswith("第 ")
    assert "。。" not in told
    assert "现在用的模板没有动" in told
    assert download(clerk, city) == standing


def test_what_is_no_word_document_is_refused(city: City) -> None:
    clerk = city.client("clerk")
    with nothing_changes():
        answer = send(clerk, city, b"PK not a document")
    assert "不是可用的 Word 文档" in str(answer.context["form"].errors)  # type: ignore[attr-defined]


def test_a_template_that_is_too_large_is_refused(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chuangwen.reports.forms.TEMPLATE_LIMIT", 10)
    answer = send(city.client("clerk"), city, b"x" * 11)
    assert answer.context["form"].errors["file"] == ["模板超过 5 MB。删去其中的图片再传"]  # type: ignore[attr-defined]
    assert ReportTemplate.objects.filter(unit__isnull=False).count() == 0


def test_a_template_holds_for_its_unit_and_for_no_other_school(city: City) -> None:
    clerk = city.client("clerk")
    send(clerk, city, with_sentence(download(clerk, city), SENTENCE))
    own = write(city.viewer("clerk"), city["school"])
    other = write(city.viewer("office"), city["second"])
    assert own.template.unit == city["school"]
    assert other.template.unit is None


def test_a_template_of_the_city_holds_for_its_schools_until_they_have_their_own(city: City) -> None:
    office = city.viewer("office")
    form = queries.form(FORM)
    standard = files.read(queries.template_in_force(form, city["school"]).file)
    data = with_sentence(standard, "全市统一的一句。")
    kept = services.keep_template(office, form=form, unit=city["city"], name="市.docx", data=data)
    assert queries.template_in_force(form, city["school"]) == kept
    own = services.keep_template(office, form=form, unit=city["school"], name="校.docx", data=standard)
    assert queries.template_in_force(form, city["school"]) == own
    assert queries.template_in_force(form, city["second"]) == kept


def test_an_earlier_draft_takes_the_new_template_when_it_is_refreshed(city: City) -> None:
    OutcomeFactory.create(unit=city["c98"], amount=3, day=START)
    draft = write(city.viewer("clerk"), city["school"])
    clerk = city.client("clerk")
    send(clerk, city, with_sentence(download(clerk, city), SENTENCE))
    assert not any("另外" in line for line in paragraphs(files.read(draft.document)))  # type: ignore[arg-type]
    refreshed = services.refresh(city.viewer("clerk"), uid=draft.uid)
    assert any("另外" in line for line in paragraphs(files.read(refreshed.document)))  # type: ignore[arg-type]


def test_a_template_that_divides_by_what_is_zero_in_a_period_gets_a_sentence_and_no_half_written_draft(
    city: City,
) -> None:
    clerk = city.client("clerk")
    send(clerk, city, with_sentence(download(clerk, city), "每次{{ 捡拾垃圾次数 / 活动次数 }}件。"))
    with nothing_changes():
        answer = clerk.post(
            reverse("new-report"),
            {"unit": city["school"].pk, "form": FORM, "start": "2026-03-01", "end": "2026-06-30"},
        )
    assert answer.status_code == 200
    assert "本期除数为 0，算不出来" in answer.content.decode()


def test_the_page_lists_every_figure_as_it_is_written_in_a_template(city: City) -> None:
    text = page(city.client("clerk"), address(city))
    for metric in queries.usable_figures():
        assert f"{{{{ {metric.name} }}}}" in text
        assert metric.meaning in text


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
def test_the_templates_of_another_school_are_not_there(city: City, part: str) -> None:
    client = city.client(part)
    current = queries.template_in_force(queries.form(FORM), city["school"])
    with nothing_changes():
        assert client.get(address(city)).status_code == 404
        assert client.post(address(city), {"file": SimpleUploadedFile("x.docx", b"x")}).status_code == 404
        link = reverse("template-file", args=[city["school"].code, current.uid])
        assert client.get(link).status_code == 404


def test_a_template_without_figures_or_code_is_kept_with_a_warning_and_the_standard_one_comes_back(city: City) -> None:
    clerk = city.client("clerk")
    standing = download(clerk, city)
    out = io.BytesIO()
    Document().save(out)
    answer = clerk.post(address(city), {"file": SimpleUploadedFile("空.docx", out.getvalue())}, follow=True)
    text = answer.content.decode()
    for part in ("模板里没有一个数字", "没有“编号”", "没有“数字表”", "恢复通用模板"):
        assert part in text
    with one_event("template.kept"):
        clerk.post(address(city), {"restore": "yes"})
    assert download(clerk, city) == standing
    assert "恢复通用模板" not in page(clerk, address(city))


def test_a_complete_template_is_kept_without_a_warning(city: City) -> None:
    assert services.template_warnings(download(city.client("clerk"), city)) == []
