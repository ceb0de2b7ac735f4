"""Customers: accounts, the people in them, and where they are."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import ExtractDay, ExtractMonth
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models.account_facts import AccountFacts
from crmcore.models.code_lists import CodeList, entry_of
from crmcore.models.naming import Named
from crmcore.scoping import ScopedManager, ScopePaths


class Region(Named):
    code = models.CharField(max_length=20, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")


class Customer(models.Model):
    """What accounts and contacts share. `search_keys` is kept by the actions."""

    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    search_keys = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        abstract = True


class Account(AccountFacts, Customer):
    """A company, a household or a person that the desk serves."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        HOUSEHOLD = "household", _("Household")
        PERSON = "person", _("Person")

    class Grade(models.TextChoices):
        A = "A", "A"
        B = "B", "B"
        C = "C", "C"
        D = "D", "D"

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "account",
        "owner": "owner",
        "team": "owner__teams",
        "contact": "memberships__contact",
    }

    code = models.CharField(_("code"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COMPANY)
    name = models.CharField(_("name"), max_length=160)
    grade = models.CharField(_("grade"), max_length=1, choices=Grade, blank=True)
    owner = models.ForeignKey(
        "crmcore.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("owner"),
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("region"),
    )
    service_calendar = models.ForeignKey(
        "crmcore.Calendar",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("service hours by contract"),
    )
    locality = models.CharField(_("place in own words"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=240, blank=True)

    class Meta:
        indexes = [
            GinIndex(fields=["search_keys"], name="account_search"),
            models.Index(fields=["name", "id"], name="account_by_name"),
            models.Index(fields=["-created_at", "-id"], name="account_by_age"),
            models.Index(fields=["owner", "name", "id"], name="account_by_owner"),
            models.Index(fields=["owner", "next_contact_at"], name="account_next_contact"),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(Customer):
    """A person; in several accounts where life is so."""

    class Gender(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", pgettext_lazy("gender", "Other")

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "contact",
        "owner": "memberships__account__owner",
        "team": "memberships__account__owner__teams",
        "contact": "pk",
        "account": "memberships__account",
    }

    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    code = models.CharField(_("contact code"), max_length=30, blank=True)
    nickname = models.CharField(_("nickname"), max_length=60, blank=True)
    salutation = entry_of(CodeList.SALUTATION)
    gender = models.CharField(_("gender"), max_length=8, choices=Gender, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=240, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    hobbies = models.CharField(_("hobbies"), max_length=240, blank=True)
    born_on = models.DateField(_("birthday"), null=True, blank=True)
    accounts = models.ManyToManyField(Account, through="AccountContact", related_name="contacts")

    class Meta:
        indexes = [
            GinIndex(fields=["search_keys"], name="contact_search"),
            models.Index(fields=["name", "id"], name="contact_by_name"),
            models.Index(ExtractMonth("born_on"), ExtractDay("born_on"), name="contact_birthday"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="contact_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


CONTACT_FACTS = (
    *("code", "nickname", "salutation", "gender", "title", "department", "born_on", "hobbies", "address", "postcode"),
)


class AccountContact(models.Model):
    """A person's place in an account."""

    class DecisionRole(models.TextChoices):
        NONE = "none", _("No part in decisions")
        USES = "uses", _("Uses")
        INFLUENCES = "influences", _("Influences")
        DECIDES = "decides", _("Decides")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="memberships")
    decision_role = models.CharField(
        _("part in decisions"), max_length=12, choices=DecisionRole, default=DecisionRole.NONE
    )
    unit = models.ForeignKey(
        "crmcore.Unit",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=pgettext_lazy("of an organisation", "unit"),
    )
    position = models.CharField(_("position there"), max_length=120, blank=True)
    joined_on = models.DateField(_("since"), null=True, blank=True)
    left_on = models.DateField(_("until"), null=True, blank=True)
    is_primary = models.BooleanField(_("main contact"), default=False)
    is_portal_admin = models.BooleanField(_("sees the whole account on the portal"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "contact"], name="one_membership"),
            models.CheckConstraint(
                condition=models.Q(joined_on=None)
                | models.Q(left_on=None)
                | models.Q(left_on__gte=models.F("joined_on")),
                name="nobody_leaves_before_coming",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(is_primary=True),
                name="one_primary_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} in {self.account}"
