"""Amounts of yuan in the capital characters that Chinese quotes and contracts carry beside the figures."""

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ((100_000_000, "亿"), (10_000, "万"), (1_000, "仟"), (100, "佰"), (10, "拾"))


def in_capitals(fen: int) -> str:
    """123456 fen as 人民币壹仟贰佰叁拾肆元伍角陆分.

    整 closes what ends with 元 or 角. A gap of zeros is one 零, also between 元 and 角 or 分.
    """
    yuan, rest = divmod(abs(fen), 100)
    jiao, single = divmod(rest, 10)
    words = f"{_read(yuan)}元" if yuan else ""
    if rest and yuan and (jiao == 0 or yuan % 10 == 0):
        words += DIGITS[0]
    words += f"{DIGITS[jiao]}角" if jiao else ""
    words += f"{DIGITS[single]}分" if single else "整"
    return f"人民币{'负' if fen < 0 else ''}{words if fen else '零元整'}"


def _read(number: int) -> str:
    """A whole number above zero; zero itself is left out."""
    for unit, sign in UNITS:
        if number >= unit:
            high, low = divmod(number, unit)
            gap = DIGITS[0] if 0 < low < unit // 10 else ""
            return f"{_read(high)}{sign}{gap}{_read(low)}"
    return DIGITS[number] if number else ""
