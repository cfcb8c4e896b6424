"""Addresses of forms and filled copies."""

from django.urls import path

from chuangwen.forms import views

urlpatterns = [
    path("forms/", views.forms, name="forms"),
    path("forms/<slug:code>/", views.form, name="form"),
    path("forms/<slug:code>/fill/", views.fill_form, name="fill-form"),
    path("forms/<slug:code>/submit/", views.submit_form, name="submit-form"),
    path("forms/<slug:code>/retire/", views.retire_form, name="retire-form"),
    path("submissions/", views.submissions, name="submissions"),
    path("submissions/<uuid:uid>/", views.submission, name="submission"),
    path("submissions/<uuid:uid>/withdraw/", views.withdraw_submission, name="withdraw-submission"),
]
