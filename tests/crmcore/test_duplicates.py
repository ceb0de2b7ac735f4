"""What counts as evidence that two customers are one."""

from crmcore.duplicates import Profile, Reason, compare

PHONE = frozenset({"+8613800138000"})


def test_same_phone_and_name_is_certain() -> None:
    likeness = compare(
        Profile("王芳", phones=PHONE, pinyin="wangfang"), Profile("王芳", phones=PHONE, pinyin="wangfang")
    )
    assert likeness.score == 105
    assert likeness.is_certain
    assert likeness.reasons == (Reason.PHONE, Reason.NAME, Reason.PINYIN)


def test_same_phone_alone_is_only_likely() -> None:
    likeness = compare(Profile("王芳", phones=PHONE), Profile("李强", phones=PHONE))
    assert likeness.is_likely
    assert not likeness.is_certain


def test_same_name_alone_says_nothing_about_people() -> None:
    assert not compare(Profile("王芳"), Profile("王芳")).is_likely


def test_same_name_and_region_suggest_a_person_twice() -> None:
    one = Profile("王芳", pinyin="wangfang", region=3)
    assert compare(one, one).score == 50
    assert compare(one, one).is_likely


def test_same_name_alone_suggests_a_company_twice() -> None:
    one = Profile("portellerylogistics", is_company=True)
    assert compare(one, one).reasons == (Reason.COMPANY_NAME,)
    assert compare(one, one).is_likely


def test_company_and_person_of_one_name_are_not_suggested() -> None:
    assert not compare(Profile("calder", is_company=True), Profile("calder")).is_likely


def test_characters_that_sound_the_same_count_a_little() -> None:
    assert compare(Profile("王芳", pinyin="wangfang"), Profile("汪方", pinyin="wangfang")).score == 15


def test_different_verified_emails_speak_against() -> None:
    one = Profile("王芳", phones=PHONE, verified_emails=frozenset({"a@example.com"}))
    other = Profile("王芳", phones=PHONE, verified_emails=frozenset({"b@example.com"}))
    assert compare(one, other).score == 70
    assert compare(one, other).reasons[-1] is Reason.OTHER_EMAIL


def test_unknown_values_are_not_alike() -> None:
    assert compare(Profile(""), Profile("")).score == 0


def test_order_does_not_matter() -> None:
    one, other = Profile("王芳", phones=PHONE, region=1), Profile("王芳", region=1)
    assert compare(one, other) == compare(other, one)
