"""A workbook that nobody will go on with leaves what waits; its file and what was wrong with it stay."""

import pytest
from django.urls import reverse

from chuangwen.core.errors import Conflict, Missing
from chuangwen.core.models import Import, ImportState
from chuangwen.interop import services
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event
from tests.interop.sending import confirm, send
from tests.interop.workbooks import outcomes


def test_it_leaves_the_work_bench_and_keeps_its_file(city: City) -> None:
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], outcomes())
    assert sent.file.name in clerk.get(reverse("workbench")).content.decode()
    with one_event("import.dismissed"):
        assert clerk.post(reverse("dismiss-import", args=[sent.uid])).status_code == 302
    assert sent.file.name not in clerk.get(reverse("workbench")).content.decode()
    text = clerk.get(reverse("import", args=[sent.uid])).content.decode()
    assert "这个文件不再办了，一行也没有导入" in text
    assert clerk.get(reverse("import-file", args=[sent.uid])).status_code == 200


def test_a_late_job_brings_nothing_of_it_in(city: City) -> None:
    sent = send(city.client("clerk"), city["school"], outcomes())
    services.dismiss(city.viewer("clerk"), Import.objects.get(pk=sent.pk))
    assert services.bring_in(Import.objects.get(pk=sent.pk)).state == ImportState.DISMISSED


def test_what_came_in_is_not_dismissed(city: City) -> None:
    clerk = city.client("clerk")
    done = confirm(clerk, send(clerk, city["school"], outcomes()))
    with pytest.raises(Conflict), nothing_changes():
        services.dismiss(city.viewer("clerk"), done)


def test_the_same_file_can_be_sent_again(city: City) -> None:
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], outcomes())
    services.dismiss(city.viewer("clerk"), sent)
    assert confirm(clerk, send(clerk, city["school"], outcomes())).state == ImportState.DONE


@pytest.mark.parametrize("part", ["other_clerk", "reader", "recorder", "stranger"])
def test_the_wrong_person_dismisses_nothing(city: City, part: str) -> None:
    sent, client = send(city.client("clerk"), city["school"], outcomes()), city.client(part)
    with nothing_changes():
        with pytest.raises(Missing):
            services.dismiss(city.viewer(part), sent)
        assert client.post(reverse("dismiss-import", args=[sent.uid])).status_code == 404
