"""Addresses of people, teams and skills below the settings."""

from django.urls import path

from servicedesk.setup import leaving, people, roles, teams, why

PEOPLE = [
    path("password/", people.own_password, name="password"),
    path("people/", people.people_list, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<int:person_id>/", people.person_page, name="person"),
    path("people/<int:person_id>/password/", people.reset_password, name="reset_password"),
    path("people/<int:person_id>/lock/", people.set_locked, name="lock_person"),
    path("people/<int:person_id>/hand-over/", leaving.hand_over_work, name="hand_over"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/new/", teams.edit_team, name="new_team"),
    path("teams/<int:pk>/", teams.edit_team, name="team"),
    path("teams/<int:pk>/remove/", teams.remove_team, name="remove_team"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/new/", roles.new_role, name="role_new"),
    path("roles/<int:pk>/", roles.edit_role, name="role"),
    path("roles/<int:pk>/remove/", roles.drop_role, name="role_remove"),
    path("why/<slug:noun>/<int:pk>/", why.why, name="why"),
    path("skills/", teams.skill_list, name="skills"),
    path("skills/new/", teams.edit_skill, name="new_skill"),
    path("skills/<int:pk>/", teams.edit_skill, name="skill"),
    path("skills/<int:pk>/remove/", teams.remove_skill, name="remove_skill"),
]
