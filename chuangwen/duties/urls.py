"""Addresses of activity records."""

from django.urls import path

from chuangwen.duties import views

urlpatterns = [
    path("outcomes/", views.outcomes, name="outcomes"),
    path("outcomes/new/", views.new_outcome, name="new-outcome"),
    path("outcomes/<uuid:uid>/", views.outcome, name="outcome"),
    path("outcomes/<uuid:uid>/correct/", views.correct_outcome, name="correct-outcome"),
    path("outcomes/<uuid:uid>/withdraw/", views.withdraw_outcome, name="withdraw-outcome"),
    path("outcomes/<uuid:uid>/judge/", views.judge_essay, name="judge-essay"),
    path("shifts/", views.shifts, name="shifts"),
    path("shifts/<uuid:uid>/", views.shift, name="shift"),
    path("logs/", views.logs, name="logs"),
    path("duties/", views.duties, name="duties"),
    path("duties/<uuid:uid>/", views.duty, name="duty"),
    path("attendance/", views.attendances, name="attendances"),
]
