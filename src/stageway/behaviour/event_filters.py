"""Which events are meant: `order`, `view | search`, `order[platform=ios, amount>=100]`, `*` for any.

A name that holds one of `| > [ ] "` or begins or ends with a blank is written in double quotes. Conditions on properties must all hold;
`=` and `!=` compare texts, `> >= < <=` numbers (a value that is no number fits none). A missing value fits only `!=`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stageway.behaviour.event_log import Event
from stageway.evidence import ParamError, Where, Words, did_you_mean, say

_SIGNS: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_CONDITION = re.compile(r"\s*(?P<property>[^=<>!]+?)\s*(?P<sign>!=|>=|<=|=|>|<)\s*(?P<value>.*?)\s*", re.DOTALL)


@dataclass(frozen=True)
class Condition:
    property: str
    sign: str
    value: str

    def holds(self, event: Event) -> bool:
        found = event.properties.get(self.property)
        if self.sign == "!=":
            return found != self.value
        if found is None or self.sign == "=":
            return found == self.value
        try:
            return _SIGNS[self.sign](float(found), float(self.value))
        except ValueError:
            return False


@dataclass(frozen=True)
class Choice:
    """One event; `name` None stands for any."""

    name: str | None
    conditions: tuple[Condition, ...] = ()

    def fits(self, event: Event) -> bool:
        return (self.name is None or event.name == self.name) and all(condition.holds(event) for condition in self.conditions)


@dataclass(frozen=True)
class Filter:
    """Any of several events. `text` is how it was written, for keys and words."""

    text: str
    choices: tuple[Choice, ...]

    @property
    def any(self) -> bool:
        return self.choices == (Choice(None),)

    @property
    def properties(self) -> set[str]:
        return {condition.property for choice in self.choices for condition in choice.conditions}

    def fits(self, event: Event) -> bool:
        return any(choice.fits(event) for choice in self.choices)

    def named(self, event: Event) -> bool:
        """Whether the event has one of the names, whatever its properties."""
        return any(choice.name is None or event.name == choice.name for choice in self.choices)

    def words(self) -> Words:
        return Words("任意事件", "any event") if self.any else Words(f"“{self.text}”", f"“{self.text}”")


def parse(text: str, param: str) -> Filter:
    """ParamError where the text is not of that form; an empty text is any event."""
    whole = text.strip() or "*"
    return Filter("*" if whole == "*" else whole.strip('"') if whole.count('"') == 2 and whole[0] == whole[-1] == '"' else whole,
                  tuple(_choice(part, param) for part in split(whole, "|", param)))


def parse_steps(text: str, param: str) -> tuple[Filter, ...]:
    return tuple(parse(part, param) for part in split(text, ">", param))


def check_names(filters: Iterable[Filter], known: Iterable[str]) -> None:
    """ParamError with the nearest names for an event that the log does not hold: a misspelt step would silently count nobody."""
    names = set(known)
    for choice in (choice for each in filters for choice in each.choices):
        if choice.name is not None and choice.name not in names:
            what = say(zh="日志里没有事件“{name}”", en='the log holds no event "{name}"', name=choice.name)
            raise ParamError("event_unknown", what, todo=did_you_mean(choice.name, names))


def split(text: str, sign: str, param: str) -> list[str]:
    """Parts between the signs that stand outside of quotes and brackets; none may be empty."""
    parts, depth, quoted = [""], 0, False
    for letter in text:
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in "[]":
            depth += 1 if letter == "[" else -1
        if letter == sign and not quoted and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    if quoted or depth != 0 or not all(part.strip() for part in parts):
        raise _wrong(text, param)
    return [part.strip() for part in parts]


def _choice(text: str, param: str) -> Choice:
    found = re.fullmatch(r'(?:"(?P<quoted>[^"]+)"|(?P<name>[^"\[\]]+?))\s*(?:\[(?P<conditions>.*)\])?', text, re.DOTALL)
    if found is None:
        raise _wrong(text, param)
    conditions = tuple(_condition(part, param) for part in split(found["conditions"], ",", param)) if found["conditions"] is not None else ()
    return Choice(found["quoted"] or (None if found["name"] == "*" else found["name"]), conditions)


def _condition(text: str, param: str) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise _wrong(text, param)
    return Condition(found["property"].strip(), found["sign"], found["value"].strip('"'))


def _wrong(text: str, param: str) -> ParamError:
    what = say(zh="参数“{name}”的值不对", en='parameter "{name}" cannot take this value', name=param)
    expected = Words('事件名，如 order，或 view | search，或 order[platform=ios]；含 | > [ ] 的名称加双引号',
                     'events such as order, or view | search, or order[platform=ios]; names that hold | > [ ] in double quotes')
    return ParamError("param_wrong", what, where=Where(value=text[:80]), expected=expected)
