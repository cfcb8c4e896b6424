"""What is said beside the way: comments, with who is asked to read them."""

import re
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.cases import queries
from chuangwen.cases.models import Case, CaseStep
from chuangwen.cases.services.given import LONGEST, Given
from chuangwen.cases.services.moving import held, record_step
from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person

MENTION = re.compile(r"@([\w·]{2,12})")
MOST_MENTIONS = 10


@transaction.atomic
def comment(actor: Viewer, *, uid: UUID, text: str) -> CaseStep:
    """Say something about a case; whoever sees it may. "@name" asks that person to read it, if they see it too."""
    case = held(queries.case(actor, uid))
    if not text.strip():
        raise Refused(_("没有写内容"), where="text", mend=_("写一句再发"))
    if len(text) > LONGEST:
        raise Refused(_("写得太长"), where="text", mend=_("写在 2000 字以内"))
    people = mentioned(case, text)
    data = {"mentions": [str(person.uid) for person in people]} if people else {}
    given = Given(reason=text)
    return record_step(
        actor, case, "case.comment", given, capacity="", before=case.state, data=data, now=clock.now(), is_open=False
    )


def mentioned(case: Case, text: str) -> list[Person]:
    """The persons whose names stand after an @ and who may see the case. No space need follow a name: of what follows
    the @, the longest that is somebody's name counts; a name that two have is both.
    """
    heads = [match[:length] for match in MENTION.findall(text)[:MOST_MENTIONS] for length in range(2, len(match) + 1)]
    present = Person.objects.filter(name__in=heads, left_on__isnull=True, is_pupil=False).select_related("unit")
    found = list(present[: MOST_MENTIONS * 4])
    longest = {
        max((person.name for person in found if match.startswith(person.name)), key=len, default="")
        for match in MENTION.findall(text)
    }
    named = [person for person in found if person.name in longest]
    return [person for person in named if queries.all_cases(Viewer(person)).filter(pk=case.pk).exists()]
