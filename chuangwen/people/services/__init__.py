"""What one can do with units, groups, persons, accounts, grants and tokens. Every verb records one Event."""

from chuangwen.people.services.deputies import appoint_deputy, end_deputy
from chuangwen.people.services.handing_over import hand_over
from chuangwen.people.services.mailing import send_digests
from chuangwen.people.services.notices import mark_all_read, mark_read, tell
from chuangwen.people.services.persons import (
    add_person,
    change_password,
    edit_contact,
    let_go,
    new_password,
    open_account,
    person_of,
    register_pupils,
    register_staff,
    reset_password,
)
from chuangwen.people.services.rights import end_grant, give_grant, issue_token, revoke_token, role_for
from chuangwen.people.services.unit_changes import close_unit, edit_unit, move_unit, reopen_unit
from chuangwen.people.services.units import (
    add_member,
    add_unit,
    add_units,
    end_membership,
    found_city,
    found_group,
    free_code,
    group_for,
    load_reference,
    open_door,
    operator,
    register_members,
    register_units,
)
from chuangwen.people.services.views import delete_view, rename_view, save_view

__all__ = [
    "add_member",
    "add_person",
    "add_unit",
    "add_units",
    "appoint_deputy",
    "change_password",
    "close_unit",
    "delete_view",
    "edit_contact",
    "edit_unit",
    "end_deputy",
    "end_grant",
    "end_membership",
    "found_city",
    "found_group",
    "free_code",
    "give_grant",
    "group_for",
    "hand_over",
    "issue_token",
    "let_go",
    "load_reference",
    "mark_all_read",
    "mark_read",
    "move_unit",
    "new_password",
    "open_account",
    "open_door",
    "operator",
    "person_of",
    "register_members",
    "register_pupils",
    "register_staff",
    "register_units",
    "rename_view",
    "reopen_unit",
    "reset_password",
    "revoke_token",
    "role_for",
    "save_view",
    "send_digests",
    "tell",
]
