"""Signs: full-width punctuation in Chinese text, dashes of ranges, no gaps between Han and Latin; en dashes and plain words in English (L-34, L-35)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stageway.document.lint.note import ERROR, WARNING, Level, Note
from stageway.document.lint.passages import Form, Passage
from stageway.evidence import Words, say

_HAN = r"[\u3400-\u9fff]"
_ZH_MEND = Words("中文用全角标点，范围用～，省略用……，汉字与字母数字之间不留空格", "Chinese takes full-width signs, ～ in ranges, …… for an ellipsis, and no space beside Latin")
_EN_MEND = Words("范围用–，e.g.写作for example，and/or写作or", 'write 19–24, "for example", "or"')

#: (level, what, pattern); a match is printed with what stands around it.
_ZH: tuple[tuple[Level, Words, re.Pattern[str]], ...] = (
    (ERROR, Words("汉字旁的半角标点", "a half-width sign beside Han"), re.compile(rf"{_HAN}[,;:!?](?!//)|[,;:](?={_HAN})|(?<=[\u3400-\u9fff%\d])\.(?={_HAN}|$)|{_HAN}\.(?=\s|$)")),
    (ERROR, Words("汉字旁的半角括号", "half-width brackets beside Han"), re.compile(rf"\([^()\[\]]*{_HAN}[^()]*\)|{_HAN}\([^()]*\)")),
    (ERROR, Words("半角引号", "straight quotation marks"), re.compile(rf"\"[^\"]*{_HAN}[^\"]*\"")),
    (ERROR, Words("标点前有空格", "a space before a sign"), re.compile(r"\s+[，。；：）、！？]")),
    (ERROR, Words("范围用了连字符或~", "a hyphen or ~ in a range"), re.compile(r"(?<![A-Za-z0-9_.\-/:])(?<![表图] )\d+(?:\.\d+)?%?(?:~|-)\d+(?:\.\d+)?%?(?![A-Za-z0-9_\-/:])|\d~\d")),
    (ERROR, Words("省略号写成了点", "dots for an ellipsis"), re.compile(r"\.{3,}|。{2,}")),
    (WARNING, Words("汉字与字母数字之间有空格", "a space between Han and Latin"), re.compile(rf"{_HAN} +(?=[A-Za-z0-9])|[A-Za-z0-9%] +(?={_HAN})")),
)
_EN: tuple[tuple[Level, Words, re.Pattern[str]], ...] = (
    (WARNING, Words("范围用了连字符", "a hyphen in a range"), re.compile(r"(?<![\w.\-/:])(?<![A-Z] )\d+(?:\.\d+)?%?-\d+(?:\.\d+)?%?(?![\w\-/:])")),
    (WARNING, Words("拉丁缩写或and/or", "a Latin abbreviation or and/or"), re.compile(r"\be\.g\.|\bi\.e\.|\betc\.|\band/or\b", re.IGNORECASE)),
    (WARNING, Words("英文里有全角标点", "a full-width sign in English"), re.compile(r"[，。；：（）、！？]")),
)
#: Labels that stand apart from what they label, and pairs of a name in two scripts.
_APART = re.compile(r"[表图] \d|附录 [A-Z]|[●▲■◆○] |GB \d|\d+ (?:MB|GB|KB)|\b[A-Z]{1,3}-\d+ |[A-Z]\d+ ")
_UNSEEN = re.compile(r"\{\{.*?\}\}|\{[^{}]*\}|`[^`]*`|https?://\S+|\S+@\S+|\b\d{4}-\d{2}(?:-\d{2})?\b")


def typography(passage: Passage) -> Iterator[Note]:
    """One note a kind of fault, with the first place where it shows."""
    if passage.form == Form.NOTE:
        return
    rule, rules, mend = ("L-34", _ZH, _ZH_MEND) if passage.lang == "zh" else ("L-35", _EN, _EN_MEND)
    text = _UNSEEN.sub("x", passage.text)
    for level, name, pattern in rules:
        found = next((each for each in pattern.finditer(text) if not _is_apart(text, each, name.zh)), None)
        if found is not None:
            around = text[max(0, found.start() - 4) : found.end() + 4].strip()
            yield Note(rule, level, say(zh="{name}：“{around}”", en='{name}: "{around}"', name=name, around=around), passage.where, mend, passage.stage)


def _is_apart(text: str, found: re.Match[str], name: str) -> bool:
    """A gap that belongs there: after a label or an id, before a unit, around a name in two scripts."""
    if "空格" not in name or "标点" in name:
        return False
    near = text[max(0, found.start() - 8) : found.end() + 2]
    return _APART.search(near) is not None



