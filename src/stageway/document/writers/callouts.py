"""Where the mark of a callout stands in its title."""

from __future__ import annotations

from stageway.document.outline import Callout
from stageway.document.states import STATES
from stageway.evidence import Lang


def title_parts(callout: Callout, lang: Lang) -> tuple[str, str]:
    """A callout's title before and after the place of its mark, which stands in front of the state's word; ("title", "") where the word is not in it."""
    if callout.kind == "brand":
        return callout.title, ""
    at = callout.title.lower().find(STATES[callout.kind].word[lang].lower())
    return (callout.title, "") if at < 0 else (callout.title[:at], callout.title[at:])
