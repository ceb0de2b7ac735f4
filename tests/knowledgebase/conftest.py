"""The people and articles that the tests of the knowledge base share."""

import pytest

from knowledgebase.models import Article, Category
from tests.cast import Cast, make_cast
from tests.knowledgebase.shelf import make_article


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def networks(cast: Cast) -> Category:
    category = Category.objects.create(name="Networks", name_zh="网络", slug="networks", icon="router")
    category.queues.add(cast.support_queue)
    return category


@pytest.fixture
def tunnels(cast: Cast, networks: Category) -> Article:
    """A public article in both languages."""
    return make_article(
        networks,
        by=cast.mei,
        english=(
            "Tunnels drop after firmware 7.2.4",
            "Set the rekey timer to 3600 seconds.",
            "## Why\n\nA timer is reset.",
        ),
        chinese=("固件 7.2.4 之后隧道断开", "把密钥更新时间设为 3600 秒。", "## 原因\n\n定时器被重置。"),
    )
