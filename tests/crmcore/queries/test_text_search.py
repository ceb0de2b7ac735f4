"""The tokenizer and PostgreSQL agree: what is indexed is found by what is typed."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.text_search import index_text, query_terms

TEXT = st.text(st.sampled_from("abе1279 -.@/'’\\:|&!()é洗衣机断线的修E3转，。"), min_size=1, max_size=24)


def found(document: str, typed: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::tsvector @@ to_tsquery('simple', %s)", [index_text({"A": document}), query_terms(typed)]
        )
        row: tuple[bool] = cursor.fetchone()
    return row[0]


@pytest.mark.parametrize(
    ("document", "typed"),
    [
        ("路由器断线了怎么办", "断线"),
        ("路由器断线了怎么办", "由器"),
        ("路由器断线了怎么办", "办"),
        ("洗衣機E3報錯", "洗衣机 e3"),
        ("客户要求报修", "修"),
        ("Tunnels drop after firmware 7.2.4", "tunnel 7.2.4"),
        ("Tunnels drop after firmware 7.2.4", "drop"),
        ("Routing between sites", "route"),
        ("Wi-Fi keeps dropping", "wifi drop"),
        ("See KB-312", "kb312"),
        ("Call +86 138 0013 8000 back", "13800138000"),
        ("Call 138-0013-8000 back", "8000"),
        ("Visit on 2026-11-21 at 09:30", "2026-11-21"),
        ("Nguyễn’s router", "nguyen"),
    ],
)
def test_document_is_found(db: None, document: str, typed: str) -> None:
    assert found(document, typed)


@pytest.mark.parametrize(("document", "typed"), [("路由器断线", "线断"), ("router", "tunnel"), ("报修", "报错")])
def test_document_is_not_found(db: None, document: str, typed: str) -> None:
    assert not found(document, typed)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXT)
def test_every_text_finds_itself(db: None, text: str) -> None:
    assert not query_terms(text) or found(text, text)
