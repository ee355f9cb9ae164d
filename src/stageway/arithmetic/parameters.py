"""Parameters that a text holds: a day, a list of names."""

from __future__ import annotations

from datetime import date

from stageway.evidence import ParamError, Where, Words, say


def day_of(text: str | None, name: str) -> date | None:
    """The parameter `name` as a day, None where it is not given. ParamError for anything else."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        what = say(zh="参数“{name}”的值不对", en='parameter "{name}" cannot take this value', name=name)
        raise ParamError("param_wrong", what, where=Where(value=text[:40]), expected=Words("日期，如 2026-09-29", "a day such as 2026-09-29")) from None


def names_in(text: str) -> list[str]:
    """Names with commas, Western or Chinese, between them."""
    return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
