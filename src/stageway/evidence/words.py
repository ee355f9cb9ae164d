"""Words in both languages at once: what a finding or a template says is stored, and read, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal, get_args

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese and in English; neither may be missing."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def __add__(self, other: Words) -> Words:
        return Words(self.zh + other.zh, self.en + other.en)

    def __str__(self) -> str:
        return self.en

    def to_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    @classmethod
    def of(cls, value: object) -> Words:
        """From a mapping with `zh` and `en`, from `Words`, or from one text that serves both (a name, a number)."""
        if isinstance(value, Words):
            return value
        if isinstance(value, Mapping):
            return cls(str(value["zh"]), str(value["en"]))
        return cls(str(value), str(value))


def _slots(text: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(text) if name}


def say(*, zh: str, en: str, **slots: object) -> Words:
    """Fill both languages with the same slots. A slot given as `Words` goes in by language.

    Raises ValueError where the two texts do not use exactly the slots given: a number that one language drops is a fault.
    """
    for lang, text in (("zh", zh), ("en", en)):
        if _slots(text) != set(slots):
            raise ValueError(f"{lang} text uses {sorted(_slots(text))}, given are {sorted(slots)}: {text!r}")
    filled = [
        text.format(**{name: value[lang] if isinstance(value, Words) else value for name, value in slots.items()})
        for lang, text in zip(LANGS, (zh, en), strict=True)
    ]
    return Words(*filled)


def joined(parts: list[Words], *, zh: str = "、", en: str = ", ", last_en: str | None = None) -> Words:
    """A list in running text: 甲、乙、丙 / a, b, c (with `last_en=" and "`: a, b and c)."""
    english = [part.en for part in parts]
    if last_en is not None and len(english) > 1:
        english = [*english[:-2], english[-2] + last_en + english[-1]]
    return Words(zh.join(part.zh for part in parts), en.join(english))
