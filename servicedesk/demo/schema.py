"""What a demo world consists of, as its writers put it down."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TeamText:
    key: str
    name: str
    name_zh: str
    leader: str
    parent: str = ""


@dataclass(frozen=True)
class StaffText:
    key: str
    username: str
    name: str
    title: str
    language: str
    time_zone: str
    team: str
    roles: tuple[str, ...]
    queues: tuple[str, ...]
    skills: dict[str, int]


@dataclass(frozen=True)
class RegionText:
    code: str
    name: str
    name_zh: str
    parent: str = ""


@dataclass(frozen=True)
class PointText:
    kind: str
    value: str
    label: str = ""
    shared: bool = False
    preferred: bool = False


@dataclass(frozen=True)
class ContactText:
    key: str
    name: str
    title: str = ""
    decision_role: str = "none"
    primary: bool = False
    note: str = ""
    language: str = ""
    portal_user: str = ""
    points: tuple[PointText, ...] = ()


@dataclass(frozen=True)
class AccountText:
    key: str
    kind: str
    name: str
    grade: str
    region: str
    source: str
    language: str
    time_zone: str
    contacts: tuple[ContactText, ...]
    address: str = ""
    owner: str = ""
    note: str = ""
    story: str = ""
    points: tuple[PointText, ...] = ()


@dataclass(frozen=True)
class RatingText:
    score: int
    comment: str = ""


@dataclass(frozen=True)
class EntryText:
    """One step of a thread, `after` its beginning. `by` names who answered a customer's call."""

    after: str
    who: str
    channel: str
    text: str
    by: str = ""


@dataclass(frozen=True)
class ThreadText:
    key: str
    type: str
    queue: str
    account: str
    contact: str
    subject: str
    priority: str
    channel: str
    opened: str
    status: str
    timeline: tuple[EntryText, ...]
    assignee: str = ""
    story: str = ""
    rating: RatingText | None = None


@dataclass(frozen=True)
class SubjectText:
    """One matter of the bank from which the volume is made."""

    type: str
    queue: str
    subject: str
    opening: str
    note: str
    reply: str
    resolution: str
    weight: int

    @property
    def is_surge(self) -> bool:
        """What troubles everybody just now: one cause, many tickets."""
        return self.weight >= 9


@dataclass(frozen=True)
class CallNoteText:
    queue: str
    outcome: str
    text: str


@dataclass(frozen=True)
class FollowUpsText:
    """Notes of calls about a known matter: the customer asks, the customer is content, we call back."""

    asks: tuple[str, ...]
    thanks: tuple[str, ...]
    calls_back: tuple[str, ...]


@dataclass(frozen=True)
class OpportunityText:
    """A possible sale; `amount` in minor units, `close_in_days` from the day of loading."""

    key: str
    name: str
    account: str
    contact: str
    stage: str
    amount: int
    currency: str
    close_in_days: int
    source: str
    owner: str
    lost_reason: str = ""
    from_ticket: str = ""


@dataclass(frozen=True)
class CategoryText:
    slug: str
    name: str
    name_zh: str
    icon: str
    position: int
    description: str
    description_zh: str


@dataclass(frozen=True)
class ArticleWords:
    title: str
    summary: str
    body: str
    search_words: str = ""


@dataclass(frozen=True)
class ArticleText:
    key: str
    category: str
    status: str
    en: ArticleWords
    zh: ArticleWords
    number: str = ""
    queue: str = ""


@dataclass(frozen=True)
class World:
    """One firm, complete."""

    code: str
    teams: tuple[TeamText, ...]
    staff: tuple[StaffText, ...]
    regions: tuple[RegionText, ...]
    accounts: tuple[AccountText, ...]
    threads: tuple[ThreadText, ...]
    subjects: tuple[SubjectText, ...]
    call_notes: tuple[CallNoteText, ...]
    opportunities: tuple[OpportunityText, ...]
    categories: tuple[CategoryText, ...]
    articles: tuple[ArticleText, ...]
    follow_ups: FollowUpsText
