from hypothesis import given
from hypothesis import strategies as st

from app.content.fill import GAP, VALUE_MAX, filled
from app.content.library import Library
from app.content.shapes import LANGUAGES, VARIABLES


def test_values_stand_where_their_names_stood() -> None:
    assert filled("{name}您好，我是{company}的{agent}。", {"name": "王女士", "company": "安联"}) == f"王女士您好，我是安联的{GAP}。"


def test_a_value_is_one_short_line_and_is_not_filled_again() -> None:
    assert filled("{name}", {"name": " a\n b\u202e\u0007 "}) == "a b"
    assert filled("{name}", {"name": "{company}", "company": "x"}) == "{company}"
    assert filled("{name}", {"name": "x" * 99}) == "x" * VALUE_MAX
    assert filled("{name}", {"name": "\n"}) == GAP


@given(st.dictionaries(st.sampled_from(VARIABLES), st.text(max_size=60).filter(lambda text: "{" not in text)))
def test_no_variable_of_the_shipped_sentences_is_left_over(values: dict[str, str]) -> None:
    for language in LANGUAGES:
        for script in Library(language).scripts:
            for step in script.steps:
                assert "{" not in filled(step.say, values)
