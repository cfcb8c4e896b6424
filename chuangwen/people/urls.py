"""Addresses of people."""

from django.urls import path

from chuangwen.people import kept_views, person_views, unit_views, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.change_password, name="change-password"),
    path("profile/", views.profile, name="profile"),
    path("profile/tokens/", views.issue_token, name="issue-token"),
    path("profile/tokens/<uuid:uid>/revoke/", views.revoke_token, name="revoke-token"),
    path("notices/", person_views.notices, name="notices"),
    path("notices/read/", person_views.read_all_notices, name="read-all-notices"),
    path("notices/<uuid:uid>/read/", person_views.read_notice, name="read-notice"),
    path("phones/", person_views.phones, name="phones"),
    path("units/", views.units, name="units"),
    path("units/<slug:code>/", views.unit, name="unit"),
    path("units/<slug:code>/edit/", unit_views.edit_unit, name="edit-unit"),
    path("units/<slug:code>/move/", unit_views.move_unit, name="move-unit"),
    path("units/<slug:code>/close/", unit_views.close_unit, name="close-unit"),
    path("units/<slug:code>/reopen/", unit_views.reopen_unit, name="reopen-unit"),
    path("units/<slug:code>/groups/new/", views.new_group, name="new-group"),
    path("units/<slug:code>/units/new/", views.new_units, name="new-units"),
    path("units/<slug:code>/document/", views.group_document, name="group-document"),
    path("units/<slug:code>/members/new/", views.new_member, name="new-member"),
    path("units/<slug:code>/persons/", views.persons, name="persons"),
    path("units/<slug:code>/persons/new/", views.new_person, name="new-person"),
    path("units/<slug:code>/grants/new/", views.new_grant, name="new-grant"),
    path("memberships/<uuid:uid>/end/", views.end_membership, name="end-membership"),
    path("grants/<uuid:uid>/end/", views.end_grant, name="end-grant"),
    path("persons/<uuid:uid>/", views.person, name="person"),
    path("persons/<uuid:uid>/contact/", person_views.edit_contact, name="edit-contact"),
    path("persons/<uuid:uid>/deputy/", person_views.new_deputy, name="new-deputy"),
    path("persons/<uuid:uid>/hand-over/", person_views.hand_over, name="hand-over"),
    path("deputies/<uuid:uid>/end/", person_views.end_deputy, name="end-deputy"),
    path("persons/<uuid:uid>/leave/", views.let_go, name="let-go"),
    path("persons/<uuid:uid>/reset/", views.reset_password, name="reset-password"),
    path("views/", kept_views.save_view, name="save-view"),
    path("views/<uuid:uid>/rename/", kept_views.rename_view, name="rename-view"),
    path("views/<uuid:uid>/delete/", kept_views.delete_view, name="delete-view"),
]
