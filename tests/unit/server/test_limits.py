"""Floods are slowed down by address and in all, and nobody is kept out for longer than the flood lasts."""

from app.server.api.limits import Limits


def test_an_address_gets_its_share_a_second_and_others_are_not_touched() -> None:
    limits = Limits()
    assert sum(limits.allow("flood", 1.0) for _ in range(100)) == 20
    assert limits.allow("calm", 1.0)
    assert not limits.allow("flood", 1.01)
    assert limits.allow("flood", 1.1)


def test_all_addresses_together_have_a_bound() -> None:
    limits = Limits()
    assert sum(limits.allow(str(number), 1.0) for number in range(2000)) == 500
    assert limits.allow("later", 2.0)


def test_many_addresses_do_not_fill_the_memory() -> None:
    limits = Limits()
    for number in range(60_000):
        limits.allow(str(number), number / 1000)
    assert len(limits._buckets) <= 20_001
