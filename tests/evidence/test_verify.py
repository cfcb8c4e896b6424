"""`script/manage verify` names a photo whose copies are gone or carry more than pixels."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from chuangwen.core import files
from chuangwen.core.events import Fault
from chuangwen.evidence.models import CopyRole
from chuangwen.evidence.verifying import verify_evidence
from tests.evidence.samples import exif, handed_in, jpeg
from tests.factories.city import City

pytestmark = pytest.mark.django_db


def test_sound_photos_documents_and_refused_ones_are_no_fault(city: City) -> None:
    handed_in(city, jpeg(exif=exif()))
    handed_in(city, b"%PDF-1.7", name="a.pdf")
    handed_in(city, jpeg(6, (400, 300))[:3000])
    assert list(verify_evidence()) == []


def test_a_copy_that_is_gone_is_named(city: City) -> None:
    row = handed_in(city)
    row.copies.filter(role=CopyRole.THUMBNAIL).delete()
    assert list(verify_evidence()) == [Fault(f"photo {row.uid}", "its thumbnail copy is gone")]


def test_a_copy_of_an_earlier_edition_does_not_count(city: City) -> None:
    row = handed_in(city)
    row.copies.update(edition=7)
    assert len(list(verify_evidence())) == 2


def test_a_public_copy_with_the_cameras_data_is_named(city: City) -> None:
    row = handed_in(city, jpeg(exif=exif()))
    row.copies.filter(role=CopyRole.PUBLIC).update(file=row.file)
    (fault,) = verify_evidence()
    assert fault.what == "its public copy carries exif"


def test_a_public_copy_that_is_no_picture_is_named(city: City) -> None:
    row = handed_in(city)
    other = handed_in(city, b"%PDF-1.7", name="a.pdf")
    row.copies.filter(role=CopyRole.PUBLIC).update(file=other.file)
    (fault,) = verify_evidence()
    assert fault.what == "its public copy is no picture"


def test_the_command_hashes_originals_and_copies_and_asks_for_both(
    city: City, settings: LazySettings, tmp_path: Path
) -> None:
    settings.FILES_DIR = tmp_path
    row = handed_in(city)
    public = row.copies.get(role=CopyRole.PUBLIC).file
    files.path_of(public.sha256).write_bytes(b"altered")
    files.path_of(row.file.sha256).unlink()
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify", stdout=StringIO(), stderr=errors)
    said = errors.getvalue()
    assert f"file {public.sha256[:12]}" in said
    assert "its bytes were altered" in said
    assert f"file {row.file.sha256[:12]}" in said
    assert "its public copy is no picture" in said
