"""What somebody wrote, apart from what their program quoted below it and from their signature."""

import re
from dataclasses import dataclass

_LONGEST_LINE = 1_000
_LONGEST_SIGNATURE = 15

# "On 20 Nov 2026, Mei wrote:" as programs say it; a number or an address tells it from a sentence of the writer's.
_ATTRIBUTION = re.compile(
    r"^(?:"
    r".{6,400}\bwrote\s*[:：]"
    r"|.{4,400}(?:写道|寫道|已寫入|撰寫)\s*[:：]"
    r"|Am\b.{6,400}\bschrieb\b.{0,200}[:：]"
    r"|Le\b.{6,400}\ba écrit\s*[:：]"
    r"|El\b.{6,400}\bescribió\s*[:：]"
    r"|.{4,200}(?:のメール|さんは書きました|が書きました)\s*[:：]"
    r")$",
    re.IGNORECASE,
)
_SAYS = re.compile(r"wrote|写道|寫道|已寫入|撰寫|schrieb|écrit|escribió|メール|書きました", re.IGNORECASE)
_SURE = re.compile(r"\d{1,2}[:：]\d\d|\d{4}|\S@\S")
_SEPARATOR = re.compile(
    r"^[\s>]*(?:[-_=*—─]{2,}|\*)\s*(?:"
    r"original message|original|original appointment|reply message"
    r"|原始邮件|原始信息|原邮件|邮件原件|回复的原邮件|原始消息|原始郵件|原始訊息"
    r"|ursprüngliche nachricht|message d'origine|mensaje original|元のメッセージ"
    r")\s*(?:[-_=*—─]{2,}|\*)\s*$",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"^[\s>]*[-_=*—]{2,}\s*(?:forwarded message|forwarded|begin forwarded message|转发的邮件|转发邮件|轉寄的郵件"
    r"|weitergeleitete nachricht|message transféré|mensaje reenviado)\b.*$|^begin forwarded message:$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[_—─-]{8,}\s*$")
_FROM = re.compile(r"^[\s|*>]*(?:from|发件人|發件人|寄件者|寄件人|von|de|差出人)[\s*|]*[:：|]", re.IGNORECASE)
_FIELD = re.compile(
    r"^[\s|*>]*(?:sent|date|to|cc|subject|reply-to|importance"
    r"|发送时间|发送日期|日期|时间|收件人|抄送|抄送人|主题|回复|重要性|發送時間|寄件日期|收件者|副本|主旨|主題"
    r"|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|送信日時|宛先|件名)[\s*|]*[:：|]",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"^\s*(?:sent from (?:my|mail for|outlook|yahoo)\b.{0,60}|get outlook for\b.{0,60}|sent (?:via|with) .{0,40}"
    r"|(?:发自|來自|来自|寄自|傳送自|从)我的.{1,30}|发自\s?(?:网易|QQ|163|新浪|Outlook|foxmail).{0,30}"
    r"|von meinem .{1,30} gesendet|envoyé de mon .{1,30}|enviado desde mi .{1,30}|.{1,20}から送信)[.。]?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Words:
    """`new` is what was written now; `quoted` and `signature` may be empty."""

    new: str
    quoted: str = ""
    signature: str = ""


def split_words(text: str) -> Words:
    """Cut a mail's text in three. A mail that is all quotation, as when it is passed on, stays whole."""
    lines = [line[:_LONGEST_LINE].replace("\u00a0", " ").rstrip() for line in text.split("\n")]
    new, quoted = _parted(lines)
    written, signature = _signed(new)
    if not _has_words(written):
        if _has_words(new) or not _has_words(quoted):
            return Words(_joined(new), _joined(quoted))
        return Words(_joined(lines))
    return Words(_joined(written), _joined(quoted), _joined(signature))


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """New lines and quoted ones. Answers between quotes need them, so such a mail is left as it is."""
    start = _start_of_history(lines)
    if start is None:
        return lines, []
    at, head, is_marked = start
    before, history = lines[:at], lines[at:]
    if not is_marked and _PASSED_ON.match(next((line for line in reversed(before) if line.strip()), "")):
        return lines, []
    if not is_marked:
        return before, history
    body = history[head:]
    blocks = _blocks(body)
    answers = [block for is_quote, block in blocks if not is_quote and _has_words(_signed(block)[0])]
    if not answers:
        return before, history
    if len(answers) == 1 and not blocks[-1][0]:
        old = [line for _is_quote, block in blocks if block is not answers[0] for line in block]
        return [*before, *answers[0]], [*history[:head], *old]
    return lines, []


def _start_of_history(lines: list[str]) -> tuple[int, int, bool] | None:
    """Where it begins, how many lines introduce it, and whether '>' marks it. None: nothing is quoted."""
    for at, line in enumerate(lines):
        if _SEPARATOR.match(line) or _begins_fields(lines, at):
            return at, 1, False
        if length := _attribution_at(lines, at):
            following = next((item for item in lines[at + length :] if item.strip()), "")
            return at, length, following.startswith(">")
        if line.startswith(">") and not _is_only_sign(line):
            return at, 0, True
    return None


def _attribution_at(lines: list[str], at: int) -> int:
    """How many lines the introduction takes, 0 for none; programs break it where it grows long."""
    if not lines[at].strip():
        return 0
    for length in (1, 2, 3):
        piece = lines[at : at + length]
        if len(piece) < length or not piece[-1].strip():
            return 0
        joined = " ".join(part.strip() for part in piece)
        if _SAYS.search(piece[-1]) and _ATTRIBUTION.match(joined) and _SURE.search(joined):
            return length
    return 0


def _begins_fields(lines: list[str], at: int) -> bool:
    """Outlook, Foxmail and others write the head of the message that they quote; a rule may stand above it."""
    if not (_FROM.match(lines[at]) or _RULE.match(lines[at])):
        return False
    near = [line for line in lines[at : at + 10] if line.strip()][:6]
    if _RULE.match(lines[at]):
        near = near[1:]
    if not near or not _FROM.match(near[0]):
        return False
    return sum(bool(_FIELD.match(line)) for line in near[1:]) >= 2


def _blocks(lines: list[str]) -> list[tuple[bool, list[str]]]:
    """Runs of quoted and unquoted lines, empty ones going with what stands before them."""
    blocks: list[tuple[bool, list[str]]] = []
    for line in lines:
        is_quote = line.startswith(">")
        if (not line.strip() and blocks) or (line.strip() and blocks and blocks[-1][0] == is_quote):
            blocks[-1][1].append(line)
        elif line.strip():
            blocks.append((is_quote, [line]))
    return blocks


def _signed(lines: list[str]) -> tuple[list[str], list[str]]:
    """The text and the signature below it."""
    last = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        if lines[at] in ("--", "-- ") and len([line for line in lines[at + 1 :] if line.strip()]) > 0:
            if len(lines) - at <= _LONGEST_SIGNATURE + 1:
                return lines[:at], lines[at:]
            break
    filled = [at for at, line in enumerate(lines) if line.strip()]
    for at in filled[-2:]:
        if _SENT_FROM.match(lines[at]):
            return lines[:at], lines[at:last]
    return lines, []


def _is_only_sign(line: str) -> bool:
    """A lone '>' or an arrow of the writer's, such as '>>>'."""
    return not line.strip("> ")


def _has_words(lines: list[str]) -> bool:
    return any(line.strip("> -_*|\t") for line in lines)


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n").rstrip()
