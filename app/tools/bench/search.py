"""Script search, keystroke by keystroke, over made-up packs, beside two peers on the same phrases.

The peers look for the typed text alone: a loop over all phrases, and SQLite's trigram index. They know no pinyin, typo or rank.
"""

import random
import sqlite3
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import accumulate
from string import ascii_letters

from app.content.search import Entry, Index, Search, entry_of
from app.content.shipped import shipped_text
from app.tools.bench.figures import spread

ROUNDS = 300
"""Texts that are typed, of 2 to 14 characters each."""
SCRIPTS, PHRASES = 400, 10_000
"""25 phrases a script, each in three languages: 30,000 texts."""
CHARACTERS, WORDS = 1200, 2000
"""As many different characters and English words as a pack of this size may hold, the usual ones far more often."""
_LETTERS = "abcdefghilmnoprstuw"


class _Language:
    """Made-up phrases out of real characters with their readings, and out of made-up words; frequencies fall as 1/rank."""

    def __init__(self, chance: random.Random, sounds: str) -> None:
        self._chance = chance
        lines = [(line.lstrip(ascii_letters), line) for line in sounds.split()]
        read = [(one, line.removesuffix(all_of_them)) for all_of_them, line in lines for one in all_of_them]
        chosen = chance.sample(read, CHARACTERS)
        self.reading = dict(chosen)
        self._han = [one for one, _ in chosen]
        self._words = ["".join(chance.choice(_LETTERS) for _ in range(chance.randint(3, 9))) for _ in range(WORDS)]
        self._usual_han = list(accumulate(1 / rank for rank in range(5, CHARACTERS + 5)))
        self._usual_words = list(accumulate(1 / rank for rank in range(5, WORDS + 5)))

    def han(self, size: int) -> str:
        return "".join(self._chance.choices(self._han, cum_weights=self._usual_han, k=size))

    def english(self, size: int) -> str:
        return " ".join(self._chance.choices(self._words, cum_weights=self._usual_words, k=size))

    def spelled(self, text: str) -> str:
        return "".join(self.reading[one] for one in text)


def synthetic(chance: random.Random, sounds: str, scripts: int = SCRIPTS) -> tuple[Index, list[str]]:
    """An index of made-up scripts with 25 phrases each (1 title, 10 words, 5 signs, 9 sentences) and all its plain texts."""
    language = _Language(chance, sounds)
    entries: list[Entry] = []
    texts: list[str] = []
    for number in range(scripts):
        han = [language.han(size) for size in (5, *(3,) * 10, *(14,) * 5, *(22,) * 9)]
        latin = [language.english(size) for size in (3, *(2,) * 10, *(8,) * 5, *(14,) * 9)]
        # the other Chinese form is another text of the same length, as one that was written anew is
        forms = {"zh_CN": han, "zh_TW": [text[::-1] for text in han], "en": latin}
        spelled = [language.spelled(text) for text in han]
        pinyin = {"title": spelled[:1], "words": spelled[1:11], "signs": spelled[11:16], "say": spelled[16:]}
        entries.append(entry_of(f"script-{number}", _script(forms, number), pinyin))
        texts += [text for form in forms.values() for text in form]
    return Index(tuple(entries), sounds), texts


def _script(forms: dict[str, list[str]], number: int) -> dict[str, object]:
    return {
        "order": number,
        "title": {language: one[0] for language, one in forms.items()},
        "words": {language: one[1:11] for language, one in forms.items()},
        "signs": {language: one[11:16] for language, one in forms.items()},
        "step": [{"say": {language: one[at] for language, one in forms.items()}} for at in range(16, 25)],
    }


def keystrokes(chance: random.Random, index: Index, count: int) -> Iterator[str]:
    """What stands in the field after each key: phrases as they are, with a wrong letter, and things that are not there."""
    for number in range(count):
        sections = chance.choice(index.entries).sections
        part = chance.choice(("title", "words", "words", "signs", "say"))
        channel = ("han", "latin", "pinyin")[number % 3]
        text = chance.choice(sections[f"{channel}.{part}"].split("\n")).strip()[:14]
        if channel == "pinyin" and number % 2:
            text = "".join(one for one in text if one.isupper())
        text = text.lower()
        if number % 5 == 0 and len(text) > 3:
            at = chance.randrange(len(text))
            text = text[:at] + ("错" if channel == "han" else chance.choice(_LETTERS)) + text[at + 1 :]
        for end in range(1, len(text) + 1):
            yield text[:end]


def measure(rounds: int = ROUNDS) -> dict[str, object]:
    """Time per keystroke, of ours and of the peers; time to make the search and the memory that it keeps."""
    chance = random.Random(20261121)  # noqa: S311 - made-up texts, nothing secret
    index, texts = synthetic(chance, shipped_text("content", "core", "built", "sounds.txt"))
    began = time.perf_counter()
    search = Search(index)
    made_ms = (time.perf_counter() - began) * 1000
    keys = list(keystrokes(chance, index, rounds))
    ours = _timed(search.find, keys)
    naive = _timed(lambda typed: [text for text in texts if typed in text][:8], keys)
    trigram = _timed(_trigram(texts), keys)
    return {
        "phrases": PHRASES,
        "texts": len(texts),
        "keystroke": spread(ours, "ms"),
        "keystroke_cpu": spread(_timed(search.find, keys, time.thread_time), "ms"),
        "made": {"unit": "ms", "value": round(made_ms, 1)},
        "kept": {"unit": "MB", "value": _kept_mb(index)},
        "floor_naive_scan": spread(naive, "ms"),
        "floor_sqlite_trigram": spread(trigram, "ms"),
        "p50_to_naive": _ratio(ours, naive),
        "p50_to_trigram": _ratio(ours, trigram),
    }


def _timed(find: Callable[[str], object], keys: list[str], clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Milliseconds per text; by the thread's own CPU time it does not matter what else the machine does."""
    samples = []
    for typed in keys:
        began = clock()
        find(typed)
        samples.append((clock() - began) * 1000)
    return samples


def _trigram(texts: list[str]) -> Callable[[str], object]:
    """SQLite's FTS5 with trigrams; it needs three characters, so shorter texts go through LIKE, as its manual advises."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE phrases USING fts5(text, tokenize = 'trigram')")
    base.executemany("INSERT INTO phrases VALUES (?)", [(text,) for text in texts])

    def find(typed: str) -> object:
        if len(typed) < 3:
            return base.execute("SELECT rowid FROM phrases WHERE text LIKE ? LIMIT 8", (f"%{typed}%",)).fetchall()
        quoted = '"' + typed.replace('"', "") + '"'
        return base.execute("SELECT rowid FROM phrases WHERE phrases MATCH ? LIMIT 8", (quoted,)).fetchall()

    return find


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return round(sorted(ours)[len(ours) // 2] / sorted(theirs)[len(theirs) // 2], 2)


def _kept_mb(index: Index) -> float:
    """What one Search keeps beside its index, in MB."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    search = Search(index)
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert search.find("a") is not None
    return round((after - before) / 1e6, 2)
