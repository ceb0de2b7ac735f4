"""Letters: mail of the desk itself to one person, such as codes, invitations and news; each row is its own outbox."""

import uuid

from django.conf import settings
from django.db import models


class OneTimeCode(models.Model):
    """A code sent to an address. It is computed from `salt` and the desk's secret and stored nowhere.

    `about` says what it opens; empty when nothing stands behind it, so that no answer tells whether something does.
    """

    class Purpose(models.TextChoices):
        TRACK = "track"
        VERIFY = "verify"
        POINT = "point"

    purpose = models.CharField(max_length=10, choices=Purpose)
    address = models.CharField(max_length=254)
    about = models.CharField(max_length=60, blank=True)
    salt = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="code_expiry")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class Letter(models.Model):
    """One mail to one address. `{code}` in the body is the code of `code`, put in when it leaves.

    What comes to the same `topic` before it leaves is written into it, above its `foot`. `leave` is a path that ends
    this kind of letter for its reader. What carries a `key` is written to an address once.
    `due_at`: when to send it (again), empty once that is over. `is_practice`: it stayed here, for somebody made up.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="letters")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    foot = models.TextField(blank=True)
    topic = models.CharField(max_length=40, blank=True)
    leave = models.CharField(max_length=300, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    key = models.CharField(max_length=80, blank=True)
    code = models.ForeignKey(OneTimeCode, on_delete=models.CASCADE, null=True, related_name="letters")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    is_practice = models.BooleanField(default=False)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="letter_due")]
        constraints = [
            models.UniqueConstraint(fields=["to", "key"], condition=~models.Q(key=""), name="one_letter_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
