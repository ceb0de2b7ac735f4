"""Customer search and phone look-up at 10 thousand, 100 thousand and a million contacts."""

import argparse
import random
from collections.abc import Iterator
from functools import cache

from django.db import connection

from bench.figures import Figure, timed
from crmcore import clock, search_keys
from crmcore.actions import people
from crmcore.models import Contact
from crmcore.queries.customers import find_by_phone, search_contacts

SIZES = (10_000, 100_000, 1_000_000)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红建国志华鑫宇浩然子轩梓涵雨欣思雪海波晓东"
FIRST = [
    "Dana",
    "Owen",
    "Maya",
    "Jonas",
    "Elif",
    "Amara",
    "Priya",
    "Tomasz",
    "Aoife",
    "Lina",
    "Carlos",
    "Ingrid",
    "Yusuf",
    "Noor",
    "Hugo",
    "Anya",
    "Peter",
    "Grace",
]
LAST = [a + b for a in ("Whit", "Hart", "Brad", "Ash", "Thorn", "Lang", "Red") for b in ("lock", "ley", "ford", "well")]
ASKED = {
    "name": "王芳",
    "pinyin": "wangfang",
    "initials": "wf",
    "latin name": "dana whitlock",
    "phone tail": "00001234",
}


def run(options: argparse.Namespace) -> Iterator[Figure]:
    user = people.create_user("bench-search", name="Bench", password=None, roles=["agent"], by=None)
    first: dict[str, float] = {}
    for size in [size for size in SIZES if size <= options.contacts]:
        _grow_to(size)
        number = f"+86139{size // 2:08d}"
        found = {"phone look-up": timed(lambda number=number: find_by_phone(number), 200, warm_up=20).median}
        for what, text in ASKED.items():
            found[what] = timed(lambda text=text: search_contacts(text, user=user, limit=8), 15).median
        for what, median in found.items():
            growth = median / first.setdefault(what, median)
            yield Figure(f"{what} among {size:,}", median, "ms", f"{growth:.2f} x of the smallest")


def _grow_to(size: int) -> None:
    rng, now, begin = random.Random(size), clock.now(), Contact.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("DROP INDEX IF EXISTS contact_search")
        columns = "name, title, language, time_zone, note, is_active, search_keys, created_at, is_demo"
        with cursor.copy(f"COPY crmcore_contact ({columns}) FROM STDIN") as rows:
            for number in range(begin, size):
                name = _name(rng, number)
                keys = _keys(name) + search_keys.phone_keys(f"+86139{number:08d}")
                rows.write_row((name, "", "", "", "", True, keys, now, False))
        cursor.execute(
            "INSERT INTO crmcore_contactpoint (contact_id, kind, raw, value, label, is_shared, is_preferred,"
            " opted_out, source) SELECT id, 'phone', '', '+86139' || lpad((row_number() OVER (ORDER BY id) + %s)::text,"
            " 8, '0'), '', false, false, false, '' FROM crmcore_contact c WHERE NOT EXISTS"
            " (SELECT 1 FROM crmcore_contactpoint p WHERE p.contact_id = c.id)",
            [begin - 1],
        )
        cursor.execute("CREATE INDEX contact_search ON crmcore_contact USING gin (search_keys)")
        cursor.execute("ANALYZE crmcore_contact, crmcore_contactpoint")


def _name(rng: random.Random, number: int) -> str:
    if number % 2:
        return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice([1, 2, 2])))
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


@cache
def _keys(name: str) -> list[str]:
    return search_keys.name_keys(name)
