"""RFC 3676: lines that end in a space go on in the next."""


def unflowed(text: str, *, drops_space: bool = False) -> str:
    """Plain text with its paragraphs on one line each; quotes keep their depth, a signature begins anew."""
    lines: list[str] = []
    flowing: tuple[int, str] | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ") if depth or line.startswith(" ") else line
        is_signature = words in ("-- ", "--")
        if flowing is not None and (depth != flowing[0] or is_signature):
            lines.append(_written(*flowing))
            flowing = None
        joined = (flowing[1] if flowing else "") + words
        if words.endswith(" ") and not is_signature:
            flowing = (depth, joined[:-1] if drops_space else joined)
        else:
            lines.append(_written(depth, joined))
            flowing = None
    if flowing is not None:
        lines.append(_written(*flowing))
    return "\n".join(lines)


def _written(depth: int, words: str) -> str:
    return f"{'>' * depth} {words}" if depth else words
