"""Whether a message only says thank you, in English or Chinese. It errs towards no: a person decides in any case."""

import re

LONGEST = 200

# Who is thanked may be named: “Thanks, Mei”, “谢谢小李”.
_THANKS = re.compile(
    r"\b(?:many thanks|thanks(?: a (?:lot|million|bunch))?|thank you|thank u|thx|tks|cheers|much appreciated|"
    r"(?:i |we )?(?:really )?appreciate (?:it|that|this))(?: again)?\b(?:,? (?-i:[A-Z][\w-]+(?: [A-Z][\w-]+)?)\b)?|"
    r"(?:万分|多)?(?:感谢|谢谢|多谢|谢了|谢啦|辛苦|感激)(?:[\u4e00-\u9fff]{1,3}(?=\W|$))?",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:for (?:all )?(?:your |the |that |this |letting me know)?"
    r"(?:(?:quick|fast|prompt|great|kind|swift|excellent) )?"
    r"(?:help|support|reply|response|answer|assistance|time|patience|service|information|info|update)?|"
    r"(?:so|very) much|ok(?:ay)?|great|perfect|excellent|awesome|wonderful|got it|noted|understood|received|"
    r"(?:it |that |everything |all )?(?:works?|worked|is working|is fine|is solved|is resolved|fixed)"
    r"(?: (?:now|fine|again))?|"
    r"all good|you too|(?:have|wish you) a (?:nice|good|great|lovely) (?:day|weekend|evening)|"
    r"hi|hello|dear|(?:best|kind|warm) regards|regards|best wishes|best|sincerely|sent from my \w+)\b|"
    r"(?:您|你)们?(?:好)?|大家|帮忙|帮助|支持|回复|解答|协助|费心|服务|的|了|啦|哈|哦|呀|非常|很|太|十分|一切|已经?|都|这边|那边|"
    r"好的|好滴|好嘞|好|收到|明白|知道|清楚|可以|解决|正常|没问题|没事|祝|工作顺利|生活愉快|愉快|周末|再见|嗯+|行",
    re.IGNORECASE,
)
_DOUBTS = re.compile(
    r"[?？0-9]|\b(?:not|no|n't|never|but|still|however|please|when|how|why|what|where|can|could|would|also|another|one|"
    r"more|wait|waiting|until|if|nothing)\b|n't|不|没|还|但|吗|呢|请|再|又|何|为什么|怎么|什么|哪|等|别|另",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"\n\s*(?:[A-Z][\w-]+(?: [A-Z][\w-]+){0,2}|[\u4e00-\u9fff]{2,4})\s*$")
_SAYS = re.compile(r"[^\W_]")


def is_thanks_only(text: str) -> bool:
    """True only where, besides thanks, closings and names of who is thanked and who writes, nothing is said."""
    if not text.strip() or len(text) > LONGEST or not _THANKS.search(text):
        return False
    said = _BESIDE.sub(" ", _SIGNATURE.sub(" ", text.strip()))
    return not _DOUBTS.search(said) and not _SAYS.search(_THANKS.sub(" ", said))
