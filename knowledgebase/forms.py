"""What authors fill in: the place of an article, and its words in one language."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledgebase.actions.editing import Words
from knowledgebase.models import Article, ArticleText

if TYPE_CHECKING:
    PlaceBase = forms.ModelForm[Article]
    WordsBase = forms.ModelForm[ArticleText]
else:
    PlaceBase = WordsBase = forms.ModelForm

FIELD = {"class": "sd-f__in"}


class PlaceForm(PlaceBase):
    """Where an article stands and who reads it."""

    class Meta:
        model = Article
        fields = ("category", "audience", "review_on")
        widgets = {
            "category": forms.Select(attrs=FIELD),
            "audience": forms.Select(attrs=FIELD),
            "review_on": forms.DateInput(attrs={**FIELD, "type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["category"].empty_label = _("Choose")  # type: ignore[attr-defined]


class WordsForm(WordsBase):
    """One language. Nothing is required here: what is missing stands among the publishing checks."""

    class Meta:
        model = ArticleText
        fields = ("title", "summary", "body", "search_words")
        widgets = {
            "title": forms.TextInput(attrs={"class": "sd-ed__title", "placeholder": _("Title")}),
            "summary": forms.Textarea(
                attrs={"class": "sd-ed__summary", "rows": 2, "placeholder": _("The answer in short")}
            ),
            "body": forms.Textarea(attrs={"class": "sd-ed__source", "spellcheck": "true"}),
            "search_words": forms.TextInput(attrs={"class": "sd-f__in", "placeholder": _("comma between words")}),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["title"].required = False
        for field in self.fields.values():
            field.widget.attrs["lang"] = self.prefix

    @property
    def words(self) -> Words:
        """The cleaned words, with the line ends of the database."""
        return {name: str(value).replace("\r\n", "\n").strip() for name, value in self.cleaned_data.items()}
