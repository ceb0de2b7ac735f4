"""How an article is laid out for reading."""

from knowledgebase.reading import minutes, rows

ENGLISH = "Lead.\n\n## 1. Tap\n\nOpen it.\n\n## 2. Filter\n\nRinse it."
CHINESE = "导语。\n\n## 1. 水龙头\n\n打开。\n\n## 2. 滤网\n\n清洗。"


def test_both_languages_stand_side_by_side_step_by_step() -> None:
    laid_out = rows(ENGLISH, CHINESE)
    assert [(row.first[0].title, row.second[0].title) for row in laid_out] == [
        ("", ""),
        ("Tap", "水龙头"),
        ("Filter", "滤网"),
    ]


def test_texts_built_differently_stand_whole_beside_whole() -> None:
    (row,) = rows(ENGLISH, "只有一段。")
    assert len(row.first) == 3
    assert len(row.second) == 1


def test_one_language_alone_has_nothing_beside_it() -> None:
    assert all(row.second == () for row in rows(ENGLISH))


def test_contents_name_the_steps_only() -> None:
    assert [row.heading.title for row in rows(ENGLISH) if row.heading] == ["Tap", "Filter"]


def test_reading_time_counts_characters_and_words() -> None:
    assert minutes("") == 1
    assert minutes("word " * 600) == 3
    assert minutes("水" * 1050) == 3
