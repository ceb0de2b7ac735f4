"""Finding short lists by name as people type: beginnings of words, pinyin and initials."""

from crmcore import search_keys


def matches(words: str, *names: str) -> bool:
    """Whether each of the words begins something by which one of the names is known; no words match everything."""
    if not words.strip():
        return True
    keys = [key for name in names for key in search_keys.name_keys(name)]
    wanted = search_keys.query_keys(words)
    return bool(wanted) and all(any(key.startswith(word) for key in keys) for word in wanted)
