"""The options of a reader: known names only, whole numbers with a least value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stageway.evidence import ParamError, Where, did_you_mean, say


def only(options: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Refuse an option that the reader does not take: a misspelt one would be lost in silence."""
    for name in options:
        if name not in known:
            what = say(zh="读取器没有选项“{name}”", en='the reader has no option "{name}"', name=name)
            raise ParamError("option_unknown", what, todo=did_you_mean(str(name), known))


def whole(options: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number of at least 1."""
    value = options.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise wrong(name, value, "不小于 1 的整数", "a whole number of at least 1")
    return value


def wrong(name: str, value: object, zh: str, en: str) -> ParamError:
    what = say(zh="选项“{name}”的值不对", en='the option "{name}" cannot take this value', name=name)
    return ParamError("option_wrong", what, where=Where(value=str(value)[:80]), expected=say(zh=zh, en=en))
