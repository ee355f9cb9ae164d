"""Which columns of a file are those that a method reads: by name, by what people call them, and only where the type allows it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from stageway.evidence import Reads
from stageway.evidence.method import Column
from stageway.folder.inspect_columns import Profile

EXACT, SYNONYM, INSIDE = 1.0, 0.8, 0.6
#: A column of these takes what is a number to numpy; the type that a person sees may be an id or yes/no.
NUMERIC = ("number", "flag", "id")


@dataclass(frozen=True)
class Synonyms:
    theirs: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


@cache
def synonyms() -> Mapping[str, Synonyms]:
    """What files call each of our columns, by our name."""
    text = resources.files("stageway.folder").joinpath("synonyms.yaml").read_text(encoding="utf-8")
    made: dict[str, Synonyms] = {}
    for entry in yaml.safe_load(text):
        for name in entry["ours"]:
            others = [plain(other) for other in entry["ours"] if other != name]
            old = made.get(name, Synonyms())
            theirs = (*old.theirs, *(plain(str(each)) for each in entry.get("theirs", ())), *others)
            made[name] = Synonyms(theirs, (*old.inside, *(str(each).casefold() for each in entry.get("inside", ()))))
    return made


def plain(name: str) -> str:
    """A name without case, blanks, punctuation and the number of a question (3、 Q5.)."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = re.sub(r"^(第?\d+[题、.:)]|q\d+[.:])\s*", "", text)
    return re.sub(r"[\W_]+", "", text)


def likeness(ours: str, theirs: str) -> float:
    """How sure it is that a column of that name is ours: 1 by name, less by what people call it, 0 where nothing speaks for it."""
    name, known = plain(theirs), synonyms().get(ours, Synonyms())
    if name == plain(ours):
        return EXACT
    if name in known.theirs:
        return SYNONYM - 0.001 * known.theirs.index(name)
    lowered = " ".join(theirs.casefold().split())
    return INSIDE if any(each in lowered for each in known.inside) else 0.0


def allows(column: Column, profile: Profile) -> bool:
    """Whether the cells are of the type that the method asks."""
    if profile.type == "empty":
        return profile.rows == 0
    if column.type == "number":
        inside = (column.low is None or profile.low is None or profile.low >= column.low) and (
            column.high is None or profile.high is None or profile.high <= column.high
        )
        return profile.low is not None and profile.type in NUMERIC and inside
    if column.type == "flag":
        return profile.type == "flag"
    if column.type == "time":
        return profile.type == "time"
    if column.type == "text":
        return profile.type in ("text", "category", "id")
    if column.type == "category":
        return profile.type in ("category", "flag", "id", "text", "number") and not (profile.type == "number" and profile.distinct > 60)
    return profile.type != "time" or column.type == "any"


def matched(reads: Reads, profiles: Sequence[Profile], only: Iterable[str] | None = None) -> dict[str, tuple[str, float]]:
    """Our column → (theirs, how sure). The surest pairs first; each of their columns serves once."""
    wanted = [column for column in reads.columns if only is None or column.name in only]
    pairs = sorted(
        ((sure, i, j) for i, column in enumerate(wanted) for j, profile in enumerate(profiles) if (sure := likeness(column.name, profile.name)) and allows(column, profile)),
        key=lambda pair: (-pair[0], not wanted[pair[1]].required, pair[1], pair[2]),
    )
    made: dict[str, tuple[str, float]] = {}
    taken: set[int] = set()
    for sure, i, j in pairs:
        if wanted[i].name not in made and j not in taken:
            made[wanted[i].name] = (profiles[j].name, sure)
            taken.add(j)
    return {column.name: made[column.name] for column in wanted if column.name in made}


def families(ours: Sequence[str], names: Sequence[str]) -> dict[str, str] | None:
    """Patterns by our name, where each of `ours` stands in several columns with a key: `{}_functional` for F6_functional, F7_functional …

    None where not all have at least two keys in common.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for name in ours:
        words = [name, *(w for w in synonyms().get(name, Synonyms()).theirs)]
        for theirs in names:
            for key, pattern in _patterns(theirs, words):
                found.setdefault(name, {}).setdefault(pattern, set()).add(key)
    if len(found) < len(ours):
        return None
    best = {name: max(patterns.items(), key=lambda item: (len(item[1]), len(item[0]), item[0])) for name, patterns in found.items()}
    common = set.intersection(*(keys for _, keys in best.values()))
    if len(common) < 2 or len({pattern for pattern, _ in best.values()}) < len(ours):
        return None
    return {name: best[name][0] for name in ours}


def _patterns(theirs: str, words: Sequence[str]) -> Iterable[tuple[str, str]]:
    """(key, pattern) where one of the words is the beginning or the end of a column's name, parted from the key by a mark or a bracket.

    A word of one letter needs a number as its key (b1, w1).
    """
    for word in words:
        escaped = re.escape(word)
        if len(word) == 1:
            forms = [rf"(?P<before>{escaped})(?P<key>\d+)(?P<after>)", rf"(?P<before>)(?P<key>.*\w)(?P<after>[_.\- ]{escaped})"]
        elif word.isascii():
            forms = [rf"(?P<before>)(?P<key>.*\w)(?P<after>[_.\- \[(]{escaped}[\])]?)", rf"(?P<before>{escaped}[_.\- \[(])(?P<key>.*[^\])])(?P<after>[\])]?)"]
        else:
            forms = [
                rf"(?P<before>)(?P<key>.*[^\W_]|.*[\])])(?P<after>[_.\- \[(（【—－:：]*{escaped}[\])）】]?)",
                rf"(?P<before>{escaped}[_.\- \[(（【—－:：]*)(?P<key>.*[^\])）】])(?P<after>[\])）】]?)",
            ]
        for form in forms:
            if (hit := re.fullmatch(form, theirs, re.IGNORECASE)) is not None:
                yield hit["key"], f"{hit['before']}{{}}{hit['after']}"
