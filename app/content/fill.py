"""Fills the variables of a sentence for showing and copying; nothing of it is stored."""

import re
from collections.abc import Mapping

from app.content.shapes import VARIABLES

VALUE_MAX = 40
"""Characters of a value that are shown."""
GAP = "＿＿"
"""Stands for a value that nobody gave: to be said by the agent, never left out unseen."""
_VARIABLE = re.compile(r"\{(" + "|".join(VARIABLES) + r")\}")


def filled(say: str, values: Mapping[str, str]) -> str:
    """The sentence with its values; one that is missing, empty or unprintable leaves a gap. Values are not filled again."""
    return _VARIABLE.sub(lambda found: _value(values.get(found[1], "")), say)


def _value(value: str) -> str:
    text = "".join(one for one in " ".join(value.split()) if one.isprintable())[:VALUE_MAX].strip()
    return text or GAP
