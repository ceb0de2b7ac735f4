"""What is written down about an account beside its name and place."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.credit_code import check_credit_code
from crmcore.models.code_lists import CodeList, entry_of


class AccountFacts(models.Model):
    """The classes, the papers and the habits of a customer."""

    party = entry_of(CodeList.PARTY)
    type = entry_of(CodeList.TYPE)
    industry = entry_of(CodeList.INDUSTRY)
    status = entry_of(CodeList.STATUS)
    nature = entry_of(CodeList.NATURE)
    source = entry_of(CodeList.SOURCE)
    relationship = entry_of(CodeList.RELATIONSHIP)
    business_category = entry_of(CodeList.BUSINESS_CATEGORY)
    credit_class = entry_of(CodeList.CREDIT_CLASS)
    bonus_points = models.PositiveIntegerField(_("bonus points"), null=True, blank=True)

    legal_representative = models.CharField(_("legal representative"), max_length=80, blank=True)
    credit_code = models.CharField(
        _("unified social credit code"),
        max_length=18,
        blank=True,
        db_index=True,
        validators=[check_credit_code],
        help_text=_("18 signs, as on the business licence."),
    )
    tax_number = models.CharField(_("tax number"), max_length=30, blank=True)
    invoice_title = models.CharField(
        _("invoice title"), max_length=160, blank=True, help_text=_("Empty means the customer's name.")
    )
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=40, blank=True)
    confidential_since = models.DateField(
        _("confidentiality agreement of"),
        null=True,
        blank=True,
        help_text=_("The day it was signed; empty means there is none."),
    )

    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    distance_km = models.DecimalField(
        _("distance from us, km"),
        max_digits=7,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    unsuitable_times = models.CharField(
        _("times unsuitable for visits"), max_length=160, blank=True, help_text=_("Market days, siesta, stock-taking.")
    )

    next_contact_at = models.DateTimeField(_("next contact"), null=True, blank=True)
    preferences = models.TextField(_("preferences"), blank=True)
    needs = models.TextField(_("service needs and expectations"), blank=True)

    class Meta:
        abstract = True


ACCOUNT_FACTS = tuple(field.name for field in AccountFacts._meta.local_fields)
ACCOUNT_LISTS = tuple(field.name for field in AccountFacts._meta.local_fields if field.is_relation)
