"""People who sign in, staff and customers alike, with their teams and skills."""

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models.naming import Named


class Team(Named):
    """A node of the organisation; `path` lists the ids from the root, as in `/1/4/`.

    `tier` says what part it has in closed loops: projects execute, companies coordinate, the group sets the rules.
    """

    class Tier(models.TextChoices):
        """From the lowest to the highest."""

        PROJECT = "project", _("Project")
        COMPANY = "company", _("Company")
        GROUP = "group", _("Group")

    code = models.SlugField(unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, blank=True, db_index=True)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier, blank=True)
    leader = models.ForeignKey(
        "User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_teams",
    )
    is_demo = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["path"],
                name="team_path_prefix",
                opclasses=["varchar_pattern_ops"],
            )
        ]


class Skill(Named):
    code = models.SlugField(unique=True)


class User(AbstractBaseUser, PermissionsMixin):
    """One model for staff and for customers on the portal."""

    class Kind(models.TextChoices):
        STAFF = "staff", _("Staff")
        PORTAL = "portal", _("Customer")
        PARTNER = "partner", _("Outside firm")

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    username = models.CharField(_("user name"), max_length=80, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STAFF)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    shortcuts_enabled = models.BooleanField(_("keyboard shortcuts"), default=True)
    contact = models.ForeignKey(
        "crmcore.Contact",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="users",
    )
    firm = models.ForeignKey("crmcore.Firm", on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    teams = models.ManyToManyField(Team, blank=True, related_name="members")
    roles = models.ManyToManyField("crmcore.Role", blank=True, related_name="users")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("may open the operators' admin"), default=False)
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="staff", contact=None, firm=None)
                | models.Q(kind="portal", contact__isnull=False, firm=None)
                | models.Q(kind="partner", contact=None, firm__isnull=False),
                name="people_belong_where_their_kind_does",
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="one_user_per_email",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_portal(self) -> bool:
        return self.kind == self.Kind.PORTAL

    @property
    def is_partner(self) -> bool:
        return self.kind == self.Kind.PARTNER

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class UserSkill(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "skill"], name="one_level_per_skill"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 9)), name="skill_level_1_to_9"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.skill} {self.level}"


class ApiToken(models.Model):
    """A bearer token of the REST API; only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
