"""What one can do with units, groups, persons, accounts, grants and tokens. Every verb records one Event."""

from chuangwen.people.services.persons import (
    add_person,
    change_password,
    let_go,
    new_password,
    open_account,
    person_of,
    register_pupils,
    reset_password,
)
from chuangwen.people.services.rights import end_grant, give_grant, issue_token, revoke_token, role_for
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
    operator,
)

__all__ = [
    "add_member",
    "add_person",
    "add_unit",
    "add_units",
    "change_password",
    "end_grant",
    "end_membership",
    "found_city",
    "found_group",
    "free_code",
    "give_grant",
    "group_for",
    "issue_token",
    "let_go",
    "load_reference",
    "new_password",
    "open_account",
    "operator",
    "person_of",
    "register_pupils",
    "reset_password",
    "revoke_token",
    "role_for",
]
