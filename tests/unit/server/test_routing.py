"""Who gets and who reads a report, for every house of people: the named and, where it matters, the leads never."""

from hypothesis import given
from hypothesis import strategies as st

from app.server.incidents.routing import Case, named, readers, recipients
from app.server.storage.directory import Directory
from app.server.storage.people import Person
from app.server.storage.roster import ROLES

SITE, OTHER = b"s" * 16, b"o" * 16
TEAMS = ("A", "B")


def house(held: dict[int, set[tuple[str, str]]], site: bytes = SITE) -> Directory:
    people = {bytes([one]) * 16: Person(site, bytes([one]) * 16, f"人{one}", "A") for one in held}
    return Directory(people=people, roles={bytes([one]) * 16: frozenset(roles) for one, roles in held.items()})


def case(**changes: object) -> Case:
    plain: dict[str, object] = {
        "site": SITE, "team": "A", "person": b"\x01" * 16, "hazard": False, "kind": "threat", "level": 2, "handler": "lead",
        "barred": frozenset(),
    }  # fmt: skip
    return Case(**{**plain, **changes})  # type: ignore[arg-type]  # names and types are those of Case


FULL = house(
    {1: {("agent", "A")}, 2: {("lead", "A")}, 3: {("lead", "B")}, 4: {("head", "H")}, 5: {("officer", "S")}, 6: {("it", "I")},
     7: {("staff_rep", "W")}, 8: {("auditor", "X")}}
)  # fmt: skip


def who(found: frozenset[bytes]) -> set[int]:
    return {one[0] for one in found}


def test_an_ordinary_event_goes_to_the_lead_and_is_read_by_officer_and_head() -> None:
    assert who(recipients(case(), FULL)) == {2}
    assert who(readers(case(), FULL)) == {2, 4, 5}
    assert who(recipients(case(level=1), FULL)) == {2, 4}


def test_a_suspicion_goes_straight_to_it_and_a_fire_to_the_officer_as_well() -> None:
    assert who(recipients(case(kind="suspicious"), FULL)) == {6}
    assert who(recipients(case(kind="suspicious", handler="officer"), FULL)) == {5, 6}
    assert who(recipients(case(kind="fire"), FULL)) == {2, 5}


def test_hazards_go_by_their_class() -> None:
    assert who(recipients(case(hazard=True, level=1), FULL)) == {2, 5}
    assert who(recipients(case(hazard=True, level=2), FULL)) == {2}
    assert who(recipients(case(hazard=True, level=3), FULL)) == {2, 6}


def test_a_report_for_the_staff_representative_is_read_by_nobody_else() -> None:
    assert who(readers(case(handler="staff_rep"), FULL)) == {7}
    assert who(readers(case(handler="officer", level=1), FULL)) == {5}


def test_if_nobody_is_left_the_next_office_gets_it_and_if_nobody_is_there_nobody() -> None:
    gone = frozenset({bytes([2]) * 16, bytes([5]) * 16})
    assert who(recipients(case(barred=gone), FULL)) == {7}
    assert who(recipients(case(barred=gone | {bytes([7]) * 16}), FULL)) == {4}
    assert recipients(case(), house({1: {("agent", "A")}})) == frozenset()
    assert recipients(case(), house({2: {("lead", "A")}}, OTHER)) == frozenset()


def test_a_name_may_be_written_with_a_title_or_spaces_or_in_full_width() -> None:
    people = house({2: set(), 12: set()})
    assert who(named(["人 １２ 主管"], SITE, people)) == {12}
    assert who(named(["人2"], SITE, people)) == {2}
    assert who(named(["人"], SITE, people)) == set(), "one character may mean anybody"
    assert named(["", "  "], SITE, people) == frozenset()
    assert named(["人2"], OTHER, people) == frozenset()


_roles = st.sets(st.tuples(st.sampled_from(ROLES), st.sampled_from(TEAMS)), max_size=3)
_houses = st.dictionaries(st.integers(1, 9), _roles, max_size=9).map(house)
_cases = st.builds(
    Case, st.just(SITE), st.sampled_from(TEAMS), st.integers(1, 9).map(lambda one: bytes([one]) * 16) | st.none(), st.booleans(),
    st.sampled_from(["threat", "suspicious", "fire", "colleague", "device"]), st.integers(1, 3),
    st.sampled_from(["lead", "officer", "staff_rep"]), st.frozensets(st.integers(1, 9).map(lambda one: bytes([one]) * 16)),
)  # fmt: skip


@given(_cases, _houses)
def test_neither_the_named_nor_the_reporter_nor_an_unwanted_lead_ever_gets_or_reads_it(one: Case, people: Directory) -> None:
    got, read = recipients(one, people), readers(one, people)
    assert got <= read
    assert not read & one.barred
    assert one.person not in read
    if one.handler != "lead":
        leads = {person for person, held in people.roles.items() if any(role == "lead" for role, _ in held)}
        assert not read & leads


@given(_cases, _houses)
def test_somebody_gets_it_wherever_an_officer_may(one: Case, people: Directory) -> None:
    officers = {person for person, held in people.roles.items() if ("officer", "A") in held and all(r != "lead" for r, _ in held)}
    if officers - one.barred - {one.person}:
        assert recipients(one, people)
