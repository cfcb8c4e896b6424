"""Kinds of case, states, and the verbs that move a case on: buttons, API, rights and tests come from these tables.

The states follow the seven steps of digital city management (GB/T 30428): 案卷建立 is `received`, `filed`; 任务派遣
`sent`; 任务处理 `working`; 处理反馈 `fixed`; 核实结案 `closed`.
"""

from dataclasses import dataclass, field

# ---- states ----

RECEIVED, FILED, SENT, WORKING, FIXED, DISPUTED, SUSPENDED, PLANNED = (
    "received", "filed", "sent", "working", "fixed", "disputed", "suspended", "planned",
)  # fmt: skip
CLOSED, ADOPTED, NOT_ADOPTED, DECLINED, MERGED, VOID = (
    "closed", "adopted", "not_adopted", "declined", "merged", "void",
)  # fmt: skip
# Where the city's office has to do the next thing.
AT_OFFICE = (RECEIVED, FILED, DISPUTED)
# Where the lead unit has to.
AT_UNIT = (SENT, WORKING, PLANNED)
OPEN = (RECEIVED, FILED, SENT, WORKING, FIXED, DISPUTED, SUSPENDED, PLANNED)
# What somebody else has seen done, or answered.
DONE = (CLOSED, ADOPTED, NOT_ADOPTED)
ENDED = (*DONE, DECLINED, MERGED, VOID)
STATES = (*OPEN, *ENDED)
# Not counted among those that should be closed: put off with a reason that the office accepted (缓办).
PUT_OFF = (SUSPENDED, PLANNED)

# ---- phases, each with a deadline ----

FILE, DISPATCH, FIX, VERIFY, WAIT = "file", "dispatch", "fix", "verify", "wait"
PHASES = (FILE, DISPATCH, FIX, VERIFY, WAIT)
# In which phase a case is by its state; every open state has one, so that none is without a deadline.
PHASE_OF = {
    RECEIVED: FILE,
    FILED: DISPATCH,
    DISPUTED: DISPATCH,
    SENT: FIX,
    WORKING: FIX,
    PLANNED: FIX,
    FIXED: VERIFY,
    SUSPENDED: WAIT,
}

# ---- what a kind asks for ----

NO_PROOF, TEXT, PHOTO = "none", "text", "photo"
SAME_UNIT_OTHER_PERSON, OTHER_UNIT = "same_unit_other_person", "other_unit"


@dataclass(frozen=True)
class Kind:
    """`proof` is what a fix must bring; `verify_by` who may accept it: another person, or somebody of neither the
    fixer's unit nor one above or below it, except the keeper's office.

    `confidential`: seen only by who may see such matters. `public`: may stand on the status page. `counted`: in the
    default lists and in 结案率. `answered`: ends with an adoption or a reasoned no instead of a fix.
    """

    code: str
    proof: str = TEXT
    verify_by: str = OTHER_UNIT
    confidential: bool = False
    public: bool = False
    counted: bool = True
    answered: bool = False


KINDS = {
    kind.code: kind
    for kind in (
        Kind("finding", proof=PHOTO),
        Kind("report", proof=PHOTO, public=True),
        Kind("complaint", public=True),
        Kind("suggestion", proof=NO_PROOF, public=True, answered=True),
        Kind("hotline"),
        Kind("petition", confidential=True),
        Kind("hazard", proof=PHOTO, verify_by=SAME_UNIT_OTHER_PERSON),
        Kind("task", verify_by=SAME_UNIT_OTHER_PERSON),
        Kind("order"),
        Kind("instruction", verify_by=SAME_UNIT_OTHER_PERSON),
        Kind("milestone", verify_by=SAME_UNIT_OTHER_PERSON, counted=False),
    )
}

# ---- who ----

# In which capacity somebody acts on a case: the permission that it stands on, and over which unit.
OFFICE, LEAD, ASSIST, VERIFIER, SIGNER, SUPERVISOR, REPORTER, CLOCK = (
    "office", "lead", "assist", "verifier", "signer", "supervisor", "reporter", "clock",
)  # fmt: skip
PERMS = {
    OFFICE: "case.dispatch",
    LEAD: "case.handle",
    ASSIST: "case.handle",
    VERIFIER: "case.verify",
    SIGNER: "case.sign",
    SUPERVISOR: "case.supervise",
}

# ---- what a unit may ask the office for ----

EXTENSION, SUSPENSION, PLAN = "extension", "suspension", "plan"
ASKED = (EXTENSION, SUSPENSION, PLAN)

SAME = ""


@dataclass(frozen=True)
class Transition:
    """A verb moves a case from any of `sources` to `target` (SAME leaves it), by somebody in one of the capacities.

    `event` is what the log calls it, "case." before the verb. `needs` are the things it must be given, `takes` those
    that it may be given: reason, reply, lead, parts, category, place, until, into, leader, handler, photos. `at_limit`
    is the target instead when the case has bounced too often; `leadless` when the lead unit is gone; `asked` says that
    it answers such a request of the unit. `kinds` names the kinds to which alone it belongs, `not_answered` that kinds
    which are answered have no such step.
    """

    event: str
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    at_limit: str = ""
    leadless: str = ""
    asked: str = ""
    kinds: tuple[str, ...] = ()
    not_answered: bool = False
    by_another: bool = False
    proof: bool = False
    # A verb that weighs on nobody: it takes no note of what changed in between.
    light: bool = False

    @property
    def verb(self) -> str:
        return self.event.removeprefix("case.")

    def belongs_to(self, kind: Kind) -> bool:
        if self.kinds:
            return kind.code in self.kinds
        return not (self.not_answered and kind.answered)


ANSWERED = tuple(code for code, kind in KINDS.items() if kind.answered)
UNDER_WAY = (SENT, WORKING)

TRANSITIONS = (
    # The office: filing, handing over, deciding.
    Transition("case.file", (RECEIVED,), FILED, (OFFICE,), needs=("category",), takes=("place",)),
    Transition("case.decline", (RECEIVED, FILED), DECLINED, (OFFICE,), needs=("reason",), takes=("reply",)),
    Transition("case.merge", (RECEIVED, FILED), MERGED, (OFFICE,), needs=("into",), takes=("reason",)),
    Transition(
        "case.dispatch", (FILED,), SENT, (OFFICE,), needs=("lead",), takes=("parts", "leader", "until", "reason")
    ),
    Transition(
        "case.arbitrate", (DISPUTED,), SENT, (OFFICE,), needs=("lead", "reason"), takes=("parts", "leader", "until")
    ),
    Transition("case.recall", UNDER_WAY, FILED, (OFFICE,), needs=("reason",)),
    Transition("case.void", (RECEIVED, FILED, SENT), VOID, (OFFICE,), needs=("reason",)),
    # The lead unit: taking it, giving it back, doing it.
    Transition("case.accept", (SENT,), WORKING, (LEAD,), takes=("handler",)),
    Transition("case.assign", (SENT, WORKING, PLANNED), SAME, (LEAD,), needs=("handler",)),
    Transition("case.refuse", UNDER_WAY, FILED, (LEAD,), needs=("reason",), at_limit=DISPUTED),
    Transition("case.transfer", UNDER_WAY, SENT, (LEAD,), needs=("lead", "reason"), at_limit=DISPUTED),
    Transition(
        "case.progress", (SENT, WORKING, PLANNED), SAME, (LEAD,), needs=("reason",), takes=("photos",), light=True
    ),
    Transition(
        "case.fix", (SENT, WORKING, PLANNED), FIXED, (LEAD,), takes=("reason", "photos"), proof=True, not_answered=True
    ),
    Transition(
        "case.adopt", (FILED, SENT, WORKING, PLANNED), ADOPTED, (LEAD, OFFICE), needs=("reply",), kinds=ANSWERED
    ),
    Transition("case.turn_down", (FILED, SENT, WORKING), NOT_ADOPTED, (LEAD, OFFICE), needs=("reply",), kinds=ANSWERED),
    # More time: asked by the unit, granted by the office; a long-term plan is signed by a leader.
    Transition("case.ask_extension", UNDER_WAY, SAME, (LEAD,), needs=("until", "reason")),
    Transition("case.ask_suspension", UNDER_WAY, SAME, (LEAD,), needs=("until", "reason")),
    Transition("case.ask_plan", UNDER_WAY, SAME, (LEAD,), needs=("until", "reason"), not_answered=True),
    Transition("case.grant_extension", UNDER_WAY, SAME, (OFFICE,), takes=("until", "reason"), asked=EXTENSION),
    Transition("case.grant_suspension", UNDER_WAY, SUSPENDED, (OFFICE,), takes=("until", "reason"), asked=SUSPENSION),
    Transition("case.sign_plan", UNDER_WAY, PLANNED, (SIGNER,), takes=("until", "reason"), asked=PLAN),
    Transition("case.deny", UNDER_WAY, SAME, (OFFICE, SIGNER), needs=("reason",), asked="any"),
    Transition("case.resume", (SUSPENDED,), WORKING, (OFFICE, CLOCK), takes=("reason",)),
    # Somebody else sees that it was done.
    Transition(
        "case.verify",
        (FIXED,),
        CLOSED,
        (VERIFIER,),
        takes=("reason", "photos", "reply"),
        by_another=True,
        not_answered=True,
    ),
    Transition(
        "case.send_back",
        (FIXED,),
        WORKING,
        (VERIFIER,),
        needs=("reason",),
        takes=("photos",),
        by_another=True,
        leadless=FILED,
    ),
    # It was not true after all.
    Transition(
        "case.dispute",
        (CLOSED,),
        WORKING,
        (REPORTER,),
        needs=("reason",),
        takes=("photos",),
        leadless=FILED,
    ),
    # Somebody looked again, and it was there again.
    Transition(
        "case.relapse",
        (CLOSED,),
        WORKING,
        (VERIFIER,),
        needs=("reason",),
        takes=("photos",),
        by_another=True,
        not_answered=True,
        leadless=FILED,
    ),
    Transition("case.reopen", DONE, WORKING, (OFFICE,), needs=("reason",), leadless=FILED),
    Transition("case.restore", (DECLINED, MERGED, VOID), FILED, (OFFICE,), needs=("reason",)),
    # Beside the way: nothing of these moves the case on.
    Transition("case.press", (SENT, WORKING, PLANNED), SAME, (OFFICE, SUPERVISOR), takes=("reason",), light=True),
    Transition(
        "case.supervise", (*AT_OFFICE, *AT_UNIT), SAME, (OFFICE, SUPERVISOR), needs=("reason",), takes=("until",)
    ),
    Transition("case.visit", OPEN, SAME, (SUPERVISOR,), needs=("reason",), takes=("photos",), light=True),
    Transition("case.name_leader", OPEN, SAME, (OFFICE,), needs=("leader",)),
    Transition("case.recategorise", (FILED, SENT, WORKING), SAME, (OFFICE,), needs=("category", "reason")),
    Transition("case.answer", STATES, SAME, (LEAD, OFFICE), needs=("reply",), light=True),
    Transition(
        "case.do_part",
        (SENT, WORKING, PLANNED, SUSPENDED),
        SAME,
        (ASSIST,),
        needs=("reason",),
        takes=("photos",),
        light=True,
    ),
    # What the clock says by itself of a deadline.
    Transition("case.remind", OPEN, SAME, (CLOCK,), light=True),
    Transition("case.overdue", OPEN, SAME, (CLOCK,), light=True),
    Transition("case.escalate", OPEN, SAME, (CLOCK,), light=True),
)
VERBS = {row.verb: row for row in TRANSITIONS}

# What the third of these makes the office decide (practice: two units that pass a matter between them).
BOUNCES = ("refuse", "transfer")


def transition(verb: str) -> Transition:
    """Raises KeyError for a verb that no row of the table has."""
    return VERBS[verb]


def verbs_from(state: str, kind: str) -> list[Transition]:
    """The rows that lead on from here, in the order of the table."""
    return [row for row in TRANSITIONS if state in row.sources and row.belongs_to(KINDS[kind])]


@dataclass(frozen=True)
class Where:
    """What decides where a verb leads: see `target`."""

    state: str
    bounces: int = 0
    limit: int = 3
    lead_stands: bool = True
    given: frozenset[str] = field(default_factory=frozenset)


def target(row: Transition, where: Where) -> str:
    """The state to which the verb leads from here."""
    if row.verb in BOUNCES and where.bounces + 1 >= where.limit:
        return row.at_limit
    if row.leadless and not where.lead_stands:
        return row.leadless
    return row.target or where.state
