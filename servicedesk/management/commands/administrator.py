"""The first person who may do everything, asked for at the terminal."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from crmcore.actions.people import create_administrator
from crmcore.models import User


class Command(BaseCommand):
    """Asks until the answers are good; an empty user name leaves it for later."""

    help = "Create an administrator: asks for user name and password."

    def handle(self, *args: Any, **options: Any) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Run this at a terminal: it asks for a password.")
        try:
            username = self._username()
            if username:
                create_administrator(username, password=self._password(username))
                self.stdout.write(f"{username} may sign in and do everything.")
        except EOFError as error:
            raise CommandError("Nobody was created.") from error

    def _username(self) -> str:
        while username := input("User name of the administrator (empty: later): ").strip():
            try:
                User(username=username, name=username).full_clean(exclude=["password"])
            except ValidationError as error:
                self._say(error)
            else:
                break
        return username

    def _password(self, username: str) -> str:
        while True:
            password = getpass("Password: ")
            try:
                validate_password(password, User(username=username))
            except ValidationError as error:
                self._say(error)
                continue
            if getpass("The same again: ") == password:
                return password
            self.stdout.write("The two differ.")

    def _say(self, error: ValidationError) -> None:
        self.stdout.write(" ".join(error.messages))
