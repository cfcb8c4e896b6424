"""What the walk in test_rights knows: whose object stands in each address, what is posted, what each person gets."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.core import clock
from chuangwen.people.models import Role, Unit
from chuangwen.people.settings import ROLES as ROLES_SETTING
from chuangwen.people.unit_queries import unit_values
from chuangwen.places.models import Place
from chuangwen.reports import desk
from tests.factories import records
from tests.factories.city import ANONYMOUS, City
from tests.factories.records import NOTE, Records

ROLES = (ANONYMOUS, "stranger", "other_clerk", "clerk", "head", "office")
WITHOUT_GUARD = {"set_language"}

SQUARE = json.dumps({"type": "Polygon", "coordinates": [[[111, 29], [112, 29], [112, 30], [111, 30], [111, 29]]]})


def on_map(city: City) -> Place:
    """The school's place, as `own` has put it there."""
    return Place.objects.get(unit=city["school"], name="校门")


# Whose object stands in the address. A route with arguments that is not here fails the test.
OWN: dict[str, Callable[[City, Records], dict[str, object]]] = {
    "revoke-token": lambda _city, own: {"uid": own.token.uid},
    **dict.fromkeys(
        (
            "unit",
            "new-group",
            "new-units",
            "persons",
            "new-person",
            "new-grant",
            "edit-unit",
            "move-unit",
            "close-unit",
            "reopen-unit",
        ),
        lambda city, _own: {"code": city["school"].code},
    ),
    **dict.fromkeys(("group-document", "new-member"), lambda city, _own: {"code": city["group"].code}),
    "end-membership": lambda _city, own: {"uid": own.membership.uid},
    "end-grant": lambda _city, own: {"uid": own.grant.uid},
    "read-notice": lambda _city, own: {"uid": own.notice.uid},
    "end-deputy": lambda _city, own: {"uid": own.deputy.uid},
    "new-deputy": lambda city, _own: {"uid": city.persons["clerk"].uid},
    **dict.fromkeys(("edit-contact", "hand-over"), lambda _city, own: {"uid": own.teacher.uid}),
    **dict.fromkeys(("person", "reset-password", "let-go"), lambda _city, own: {"uid": own.teacher.uid}),
    **dict.fromkeys(("outcome", "correct-outcome", "withdraw-outcome"), lambda _city, own: {"uid": own.outcome.uid}),
    "judge-essay": lambda _city, own: {"uid": own.essay.uid},
    "shift": lambda _city, own: {"uid": own.shift.uid},
    "duty": lambda _city, own: {"uid": own.shift.duty.uid},
    **dict.fromkeys(
        ("place", "edit-place", "place-position", "close-place", "reopen-place", "withdraw-place", "new-charge"),
        lambda _city, own: {"uid": own.place.uid},
    ),
    **dict.fromkeys(("case", "comment-case"), lambda _city, own: {"uid": own.case.uid}),
    "move-case": lambda _city, own: {"uid": own.case.uid, "verb": "file"},
    "revisit-draw": lambda _city, own: {"uid": own.revisit.draw.uid},
    "look-revisit": lambda _city, own: {"uid": own.revisit.uid},
    "act-at-desk": lambda _city, own: {"uid": own.case.uid, "act": "file"},
    **dict.fromkeys(("see-reporter", "forget-reporter", "follow-public"), lambda _city, own: {"uid": own.case.uid}),
    **dict.fromkeys(("follow-code", "follow-dispute", "follow-satisfied"), lambda _city, _own: {"code": records.CODE}),
    "follow-photo": lambda _city, own: {"code": "2345678923", "uid": own.photo.uid},
    "case-notice": lambda _city, own: {"uid": own.case.uid},
    "reception-day": lambda _city, _own: {"day": clock.today().isoformat()},
    "end-watch": lambda _city, own: {"uid": own.watch.uid},
    "end-charge": lambda _city, own: {"uid": own.charge.uid},
    **dict.fromkeys(("rename-view", "delete-view"), lambda _city, own: {"uid": own.view.uid}),
    "metric": lambda _city, _own: {"urn": "outcome.litter@1"},
    **dict.fromkeys(("form", "fill-form", "submit-form", "retire-form"), lambda _city, own: {"code": own.form.code}),
    **dict.fromkeys(("submission", "withdraw-submission"), lambda _city, own: {"uid": own.copy.uid}),
    **dict.fromkeys(
        (
            "report",
            "check-report",
            "report-document",
            "report-ranking",
            "moved-report",
            "others-at-report",
            "edit-report",
            "comment-report",
            "reissue-report",
            "report-pdf",
            "report-pdf-file",
        ),
        lambda _city, own: {"uid": own.report.uid},
    ),
    "move-report": lambda _city, own: {"uid": own.report.uid, "verb": "submit"},
    "settle-comment": lambda _city, own: {"uid": own.report.uid, "comment": own.comment.uid},
    "arrange-report": lambda _city, own: {"uid": own.report.uid, "subject": own.shift.uid, "act": "keep"},
    "templates": lambda city, _own: {"code": city["school"].code, "form_code": "primary-school"},
    "template-file": lambda city, own: {"code": city["school"].code, "uid": own.template.uid},
    "open-code": lambda _city, own: {"code": own.figure.code},
    **dict.fromkeys(
        (
            "import",
            "import-state",
            "confirm-import",
            "import-file",
            "import-problems",
            "undo-import",
            "dismiss-import",
            "import-columns",
            "import-bad-rows",
            "mend-import",
        ),
        lambda _city, own: {"uid": own.import_row.uid},
    ),
    **dict.fromkeys(
        (
            "evidence-piece",
            "evidence-state",
            "caption-evidence",
            "redact-evidence",
            "retry-evidence",
            "withdraw-evidence",
            "download-evidence",
        ),
        lambda _city, own: {"uid": own.photo.uid},
    ),
    "evidence-file": lambda _city, own: {
        "uid": own.photo.uid,
        "role": "public",
        "sha256": own.photo.copies.get(role="public").file.sha256,
    },
    "forget-column": lambda _city, own: {"key": own.column_name.pk},
    "import-template": lambda city, _own: {"code": city["school"].code, "noun": "outcome"},
    "move-on-map": lambda city, _own: {"uid": on_map(city).uid},
    **dict.fromkeys(("setting", "new-setting-row"), lambda _city, _own: {"table": "roles"}),
    "setting-row": lambda _city, _own: {"table": "roles", "code": "reader"},
    "act-on-setting-row": lambda _city, _own: {"table": "roles", "code": "reader", "verb": "retire"},
    "return-holidays": lambda _city, _own: {"year": 2026},
}


def seen_of_unit(unit: Unit) -> str:
    return json.dumps(unit_values(unit))


def seen_of_role(code: str) -> str:
    return json.dumps(ROLES_SETTING.values(Role.objects.get(code=code)))


# What is posted, so that the one who may really does it.
POSTED: dict[str, Callable[[City, Records], dict[str, object]]] = {
    "issue-token": lambda _city, _own: {"name": "程序"},
    "new-group": lambda _city, _own: {
        "name": "专班", "code": "crew", "kind": "working_group", "founded_on": "2026-01-12", "remit": "整治",
        "document": SimpleUploadedFile("a.pdf", b"scan"),
    },
    "new-units": lambda _city, _own: {"kind": "class", "names": "c100 六年级 c100 班"},
    "new-member": lambda city, _own: {"person": city.persons["clerk"].pk, "position": "member"},
    "new-person": lambda _city, _own: {"code": "new", "name": "新人", "login": "new"},
    "edit-contact": lambda _city, _own: {"office_phone": "0736-7220001", "email": "t@anlan.gov.cn"},
    "new-deputy": lambda city, own: {
        "deputy": own.teacher.pk, "since": str(clock.today()), "until": str(clock.today() + timedelta(days=3)),
    },
    "hand-over": lambda city, _own: {"to": city.persons["head"].pk, "reason": NOTE},
    "new-grant": lambda city, _own: {"person": city.persons["clerk"].pk, "role": "reader"},
    "new-outcome": lambda city, _own: {
        "unit": city["c98"].pk, "kind": "litter_picked", "amount": 1, "day": str(clock.today()), "handling": "handled",
    },
    "correct-outcome": lambda _city, _own: {"correct-amount": 5, "correct-reason": "数错"},
    "withdraw-outcome": lambda _city, _own: {"withdraw-reason": "重复"},
    "judge-essay": lambda _city, _own: {"excellent": "yes"},
    "new-place": lambda city, _own: {
        "name": "新点位", "type": "market", "unit": city["school"].pk, "lon": "111.7", "lat": "29", "system": "wgs84",
    },
    "edit-place": lambda _city, _own: {"name": NOTE, "type": "bank"},
    "place-position": lambda _city, _own: {"lon": "111.7", "lat": "29", "system": "wgs84"},
    "close-place": lambda _city, _own: {"reason": "拆迁"},
    "withdraw-place": lambda _city, _own: {"reason": "记错"},
    "act-on-places": lambda _city, own: {"act": "close", "uid": own.place.uid, "reason": "拆迁", "go": "1"},
    "save-view": lambda _city, _own: {"list": "places", "name": "我的", "query": "q=a", "back": "/places/"},
    "rename-view": lambda _city, _own: {"name": "新名", "back": "/places/"},
    "delete-view": lambda _city, _own: {"back": "/places/"},
    "new-charge": lambda city, _own: {"unit": city["school"].pk, "charge": "assist"},
    "comment-case": lambda _city, _own: {"text": NOTE},
    "move-case": lambda _city, _own: {"category": "manhole"},
    "revisits": lambda _city, _own: {"closed_from": "2026-03-01", "closed_to": "2026-03-31", "share": "10"},
    "look-revisit": lambda _city, _own: {"finding": "holds"},
    "act-at-desk": lambda _city, _own: {"category": "manhole", "seen": 0, "step": "received"},
    "see-reporter": lambda _city, _own: {},
    "forget-reporter": lambda _city, _own: {"reason": NOTE},
    "citizen-report": lambda _city, _own: {
        "uid": str(uuid4()), "key": "a-secret-of-this-phone", "kind": "suggestion", "text": "路口加一盏灯",
    },
    "report-photo": lambda _city, _own: {"uid": str(uuid4()), "file": SimpleUploadedFile("a.jpg", records.photo())},
    "new-case": lambda city, _own: {
        "uid": str(uuid4()), "kind": "finding", "title": NOTE, "opened_for": city["school"].code,
    },
    "comment-report": lambda _city, _own: {"text": NOTE},
    "edit-report": lambda _city, own: {
        "anchor": next(each.block.anchor for each in desk.paragraphs(own.report) if each.wording),
        "text": NOTE,
        "act": "add",
    },
    "new-report": lambda city, _own: {
        "unit": city["school"].pk, "form": "primary-school", "start": "2026-03-01", "end": "2026-03-31",
    },
    "new-evidence": lambda city, _own: {
        "unit": city["school"].code, "sent": SimpleUploadedFile("a.jpg", records.photo()),
    },
    "upload-evidence": lambda city, _own: {
        "unit": city["school"].code, "file": SimpleUploadedFile("a.jpg", records.photo()),
    },
    "redact-evidence": lambda _city, _own: {"rectangles": "10,10,20,20", "reason": "面部"},
    "withdraw-evidence": lambda _city, _own: {"reason": "传错"},
    "mend-import": lambda _city, _own: {"drop": "1"},
    "select-on-map": lambda _city, _own: {"geometry": SQUARE},
    "move-on-map": lambda _city, _own: {"geometry": json.dumps({"type": "Point", "coordinates": [111.7, 29.04]})},
    "add-on-map": lambda city, _own: {
        "uid": str(uuid4()), "unit": city["school"].code, "type": "school", "name": NOTE,
        "geometry": json.dumps({"type": "Point", "coordinates": [111.69, 29.03]}),
    },
    "edit-unit": lambda city, _own: {"name": "新校名", "kind": "school", "seen": seen_of_unit(city["school"])},
    "move-unit": lambda city, _own: {"parent": city["district"].pk},
    "new-setting-row": lambda _city, _own: {"code": "visitor", "name": "来访", "permissions": ["unit.view"]},
    "setting-row": lambda _city, _own: {
        "name": "看的人", "permissions": ["unit.view"], "seen": seen_of_role("reader"),
    },
    "holidays": lambda _city, _own: {"start": "2027-01-01", "kind": "off", "name": "元旦"},
    "enter-holidays": lambda _city, _own: {"text": "2027-01-01 放假 元旦"},
    "withdraw-submission": lambda _city, _own: {"reason": NOTE},
    "retire-form": lambda _city, _own: {"reason": NOTE},
    "imports": lambda city, _own: {"unit": city["school"].pk, "file": SimpleUploadedFile("a.xlsx", b"PK")},
}  # fmt: skip

# route: what GET gives to ANONYMOUS, stranger, other_clerk, clerk, head, office | and POST, where it is not the same.
# "in" is a redirect to the sign-in page.
OPEN, SIGNED, LISTED = "200 200 200 200 200 200", "in 200 200 200 200 200", "in 404 200 200 200 200"
SCHOOL, MANAGED, METHOD = "in 404 404 200 200 200", "in 404 404 404 200 200", "in 405 405 405 405 405"
DONE, DONE_BY_HEAD = "in 404 404 302 302 302", "in 404 404 404 302 302"
CITY, DONE_BY_OFFICE = "in 404 404 404 404 200", "in 404 404 404 404 302"
ALL_201, ALL_404, ALL_405, ALL_422 = (" ".join([code] * len(ROLES)) for code in ("201", "404", "405", "422"))
NOBODY = "in 404 404 404 404 404"
HEADS = "in 404 404 404 200 200"
EXPECTED = {
    "home": "in 302 302 302 302 302",
    "set_language": "302 302 302 302 302 302",
    "workbench": SIGNED,
    "workbench?unit=demo-primary": "in 200 404 200 200 200",
    "search": SIGNED,
    "search?q=demo": SIGNED,
    "waiting": SIGNED,
    "waiting?of=report": "in 200 200 200 200 200",
    "notices": SIGNED,
    "read-all-notices": f"{METHOD} | in 302 302 302 302 302",
    "read-notice": f"{METHOD} | in 404 404 302 404 404",
    "phones": LISTED,
    "phones?export=xlsx": LISTED,
    "events": "in 404 404 404 200 200",
    "about": OPEN,
    "health": OPEN,
    "sign-in": "200 302 302 302 302 302",
    "sign-out": "405 405 405 405 405 405 | in in in in in in",
    "change-password": SIGNED,
    "profile": SIGNED,
    "issue-token": f"{METHOD} | in 302 302 302 302 302",
    "revoke-token": f"{METHOD} | in 404 404 302 404 404",
    "units": LISTED,
    "unit": SCHOOL,
    "new-group": f"{MANAGED} | {DONE_BY_HEAD}",
    "new-units": f"{MANAGED} | {DONE_BY_HEAD}",
    "group-document": SCHOOL,
    "new-member": f"{MANAGED} | {DONE_BY_HEAD}",
    "persons": SCHOOL,
    "persons?export=xlsx": SCHOOL,
    "new-person": f"{SCHOOL} | {DONE}",
    "new-grant": f"{MANAGED} | {DONE_BY_HEAD}",
    "edit-unit": f"{MANAGED} | {DONE_BY_HEAD}",
    # The head manages the school but not what is above it, so there is nowhere to move it: the form comes back.
    "move-unit": f"{MANAGED} | in 404 404 404 200 302",
    "close-unit": f"{MANAGED} | in 404 404 404 422 422",
    "reopen-unit": f"{METHOD} | in 404 404 404 409 409",
    "settings": CITY,
    "holidays": f"{CITY} | {DONE_BY_OFFICE}",
    "enter-holidays": f"{CITY} | {DONE_BY_OFFICE}",
    "return-holidays": f"{METHOD} | in 404 404 404 404 422",
    "setting": CITY,
    "setting?export=xlsx": CITY,
    "new-setting-row": f"{CITY} | {DONE_BY_OFFICE}",
    "setting-row": f"{CITY} | {DONE_BY_OFFICE}",
    "act-on-setting-row": f"{METHOD} | {DONE_BY_OFFICE}",
    "end-membership": f"{METHOD} | {DONE_BY_HEAD}",
    "end-grant": f"{METHOD} | {DONE_BY_HEAD}",
    "person": SCHOOL,
    "edit-contact": f"{SCHOOL} | {DONE}",
    # The teacher answers for nothing, so that there is nothing to hand over: the page says so.
    "hand-over": SCHOOL,
    "new-deputy": f"{SCHOOL} | {DONE}",
    "end-deputy": f"{METHOD} | {DONE}",
    "reset-password": f"{METHOD} | {DONE}",
    "let-go": f"{METHOD} | {DONE}",
    "outcomes": LISTED,
    "outcomes?export=xlsx": LISTED,
    "new-outcome": f"{LISTED} | in 404 200 302 302 302",
    "outcome": SCHOOL,
    "correct-outcome": f"{SCHOOL} | {DONE}",
    "withdraw-outcome": f"{SCHOOL} | {DONE}",
    "judge-essay": f"{METHOD} | {DONE}",
    "outcomes?unit=demo-primary": SCHOOL,
    "shifts?unit=demo-primary": SCHOOL,
    "attendances?unit=demo-primary": SCHOOL,
    "shifts": LISTED,
    "shifts?export=xlsx": LISTED,
    "shift": SCHOOL,
    "logs": LISTED,
    "logs?export=xlsx": LISTED,
    "logs?unit=demo-primary": SCHOOL,
    "duties?unit=demo-primary": SCHOOL,
    "duties": LISTED,
    "duties?export=xlsx": LISTED,
    "duty": SCHOOL,
    "attendances": LISTED,
    "attendances?export=xlsx": LISTED,
    "places": LISTED,
    "places?export=xlsx": LISTED,
    "places?unit=demo-primary": SCHOOL,
    "alike-places": LISTED,
    "new-place": f"{LISTED} | in 404 200 302 302 302",
    "place": SCHOOL,
    "edit-place": f"{SCHOOL} | {DONE}",
    "place-position": f"{SCHOOL} | {DONE}",
    "close-place": f"{SCHOOL} | {DONE}",
    "reopen-place": f"{METHOD} | {DONE}",
    # Somebody answers for it still, which the page says.
    "withdraw-place": f"{SCHOOL} | in 404 404 200 200 200",
    "new-charge": f"{SCHOOL} | {DONE}",
    "end-charge": f"{METHOD} | {DONE}",
    # The other clerk may do this with places of the second school; of this one the page says that it is not theirs.
    "act-on-places": f"{METHOD} | in 404 200 200 200 200",
    "save-view": f"{METHOD} | in 302 302 302 302 302",
    "rename-view": f"{METHOD} | in 404 404 302 404 404",
    "delete-view": f"{METHOD} | in 404 404 302 404 404",
    "cases": LISTED,
    "cases?export=xlsx": LISTED,
    "cases?unit=demo-primary": SCHOOL,
    # Without an act there is nothing to do.
    "act-on-cases": f"{METHOD} | in 404 404 404 404 404",
    "case-map": LISTED,
    "case-map-features?bbox=111,29,112,30": LISTED,
    "case-board": LISTED,
    "case-board?unit=demo-primary": SCHOOL,
    "new-case": f"{LISTED} | in 404 200 302 302 302",
    "case": SCHOOL,
    "comment-case": f"{METHOD} | {DONE}",
    # The city keeps it, and its office alone files it.
    "move-case": f"{CITY} | {DONE_BY_OFFICE}",
    # Who dispatches draws from what their unit keeps.
    "revisits": LISTED,
    "revisit-draw": CITY,
    # The case is not closed yet, which the form says.
    "look-revisit": SCHOOL,
    "relapses": LISTED,
    # Every unit has a desk of its own; on it is what it keeps.
    "case-desk": LISTED,
    "act-at-desk": f"{METHOD} | {DONE_BY_OFFICE}",
    "try-routing": LISTED,
    # The citizens' door: open to everybody, whoever is signed in.
    "citizen-report": f"{OPEN} | {ALL_201}",
    "report-photo": f"{ALL_405} | {ALL_201}",
    "report-near?point=111.69,29.03": f"{OPEN} | {ALL_405}",
    "report-ground": f"{OPEN} | {ALL_405}",
    "follow": f"{OPEN} | {ALL_422}",
    "follow-code": f"{OPEN} | {ALL_405}",
    # The case is not closed: there is nothing to dispute, and nothing to be satisfied with.
    "follow-dispute": f"{ALL_405} | {ALL_422}",
    "follow-satisfied": f"{ALL_405} | {ALL_422}",
    # No such code, a case that is not public, a status that the city has not opened.
    "follow-photo": f"{ALL_404} | {ALL_405}",
    "follow-public": f"{ALL_404} | {ALL_405}",
    "city-status": f"{ALL_404} | {ALL_405}",
    "see-reporter": f"{METHOD} | {CITY}",
    "forget-reporter": f"{METHOD} | {DONE_BY_OFFICE}",
    # Without a question there is the form that asks it.
    "cases-from-places": LISTED,
    # Nothing was opened under the school's case.
    "case-notice": NOBODY,
    # Confidential: the clerks have no part in it. Nobody came today.
    "reception": HEADS,
    "new-matter": HEADS,
    "reception-day": NOBODY,
    "new-ticket": CITY,
    # The head sees what the school's own groups do; who supervises what is for the city to say.
    "supervision": f"{HEADS} | {CITY}",
    "my-rounds": HEADS,
    "end-watch": f"{METHOD} | {DONE_BY_OFFICE}",
    "evidence": LISTED,
    "evidence?export=xlsx": LISTED,
    "evidence?unit=demo-primary": SCHOOL,
    "new-evidence": f"{LISTED} | in 404 200 302 302 302",
    "upload-evidence": f"{METHOD} | in 404 404 201 201 201",
    "evidence-zip": f"in 404 422 422 422 422 | {METHOD}",
    "evidence-piece": SCHOOL,
    "evidence-state": f"{SCHOOL} | {METHOD}",
    "caption-evidence": f"{METHOD} | {DONE}",
    "redact-evidence": f"{SCHOOL} | {DONE}",
    # The photo is ready, so that there is nothing to try again.
    "retry-evidence": f"{METHOD} | in 404 404 409 409 409",
    "withdraw-evidence": f"{SCHOOL} | {DONE}",
    "download-evidence": f"{SCHOOL} | {METHOD}",
    "evidence-file": f"{SCHOOL} | {METHOD}",
    "forms": LISTED,
    "forms?export=xlsx": LISTED,
    "form": SCHOOL,
    "fill-form": SCHOOL,
    "submit-form": f"{METHOD} | in 404 404 422 422 422",
    "retire-form": "in 404 404 404 404 200 | in 404 404 404 404 302",
    "submissions": LISTED,
    "submissions?export=xlsx": LISTED,
    "submissions?unit=demo-primary": SCHOOL,
    "submission": SCHOOL,
    "withdraw-submission": f"{SCHOOL} | {DONE}",
    "metrics": LISTED,
    "metric": LISTED,
    "metric?unit=demo-primary": SCHOOL,
    "reports": LISTED,
    "reports?export=xlsx": LISTED,
    "new-report": f"{LISTED} | in 404 200 302 302 302",
    "report": SCHOOL,
    "check-report": SCHOOL,
    "report-document": SCHOOL,
    "report-ranking": SCHOOL,
    "moved-report": "in 404 404 404 404 404",
    "others-at-report": SCHOOL,
    "edit-report": f"{METHOD} | {DONE}",
    "comment-report": f"{METHOD} | {DONE}",
    "settle-comment": f"{METHOD} | {DONE}",
    "arrange-report": f"{METHOD} | {DONE}",
    "reissue-report": f"{METHOD} | in 404 404 422 422 422",
    "report-pdf": f"{SCHOOL} | {DONE}",
    "report-pdf-file": "in 404 404 404 404 404",
    "move-report": f"{METHOD} | {DONE}",
    "templates": SCHOOL,
    "template-file": SCHOOL,
    "find-document": OPEN,
    "open-code": OPEN,
    "imports": f"{LISTED} | in 404 200 302 302 302",
    "imports?export=xlsx": LISTED,
    "import": SCHOOL,
    "import-state": SCHOOL,
    "confirm-import": f"{METHOD} | {DONE}",
    "dismiss-import": f"{METHOD} | {DONE}",
    "undo-import": SCHOOL,
    "import-columns": SCHOOL,
    "import-bad-rows": SCHOOL,
    "mend-import": f"{METHOD} | {DONE}",
    "forget-column": f"{METHOD} | {DONE}",
    "import-file": SCHOOL,
    "import-problems": SCHOOL,
    "import-template": SCHOOL,
    "events?export=xlsx": "in 404 404 404 200 200",
    "map": LISTED,
    "map?unit=demo-primary": SCHOOL,
    "map-ground": LISTED,
    "map-places?bbox=111,29,112,30": LISTED,
    "map-places?bbox=111,29,112,30&unit=demo-primary": SCHOOL,
    "select-on-map": f"{METHOD} | in 404 200 200 200 200",
    "move-on-map": f"{METHOD} | {SCHOOL}",
    "add-on-map": f"{METHOD} | in 404 404 201 201 201",
}
API = {
    "GET /api/v1/outcomes": "401 200 200 200 200 200",
    "GET /api/v1/outcomes?unit=demo-primary": "401 404 404 200 200 200",
    "GET /api/v1/outcomes/{uid}": "401 404 404 200 200 200",
    "POST /api/v1/outcomes": "401 404 404 201 201 201",
    "GET /api/v1/cases": "401 200 200 200 200 200",
    "GET /api/v1/cases?unit=demo-primary": "401 404 404 200 200 200",
    "GET /api/v1/cases/{uid}": "401 404 404 200 200 200",
    "POST /api/v1/cases": "401 404 404 201 201 201",
    # The city keeps it: its office files it.
    "POST /api/v1/cases/{uid}/moves": "401 404 404 404 404 200",
}
