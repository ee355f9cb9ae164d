"""What looks wrong in the cells of one column: each doubt says what was seen, how often, and what to do about it. Said, never mended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stageway.evidence import Words, say
from stageway.folder.inspect_columns import DECORATED, PLAIN, Profile, form_of

ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
#: What UTF-8 looks like when it was read as Windows-1252 or GBK, and the mark of a character that was lost.
MOJIBAKE = re.compile(r"�|锟斤拷|Ã[\x80-\xbf©¨¼¶¤]|â€[™œ“”]|ï»¿|å[\x80-\xbf¤¥]|æ[\x80-\xbf]|ä¸")
CODES = ("-99", "-999", "-9", "-8", "-7", "-3", "-2", "-1", "99", "98", "97", "999", "998", "9999", "99999")
LED = re.compile(r"([+-]?\d{1,3})\s*[-–—:：、.)]\s*(\D.*)")
NEARLY_EMPTY = 0.95


@dataclass(frozen=True)
class Doubt:
    """One suspicious thing. `values` are entries that would settle it, where it can be settled by the mapping: {text: value}."""

    code: str
    columns: tuple[str, ...]
    text: Words
    todo: Words | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def doubts_of(profile: Profile) -> Iterator[Doubt]:
    """Everything suspicious in one column."""
    if profile.type == "empty":
        yield Doubt("empty", (profile.name,), Words("整列是空的", "the whole column is empty"))
        return
    if profile.distinct == 1 and profile.missing == 0 and profile.rows > 1:
        yield Doubt("constant", (profile.name,), say(zh="每行都是“{value}”", en='every row holds "{value}"', value=_cut(profile.examples[0])))
    elif profile.share_missing > NEARLY_EMPTY:
        share = f"{1 - profile.share_missing:.1%}"
        yield Doubt("nearly_empty", (profile.name,), say(zh="几乎是空的，只有{share}的行有值", en="nearly empty: {share} of the rows hold a value", share=share))
    yield from _scale(profile)
    yield from _codes(profile)
    yield from _dates(profile)
    yield from _decorated(profile)
    yield from _damaged(profile)
    yield from _variants(profile)


def _scale(profile: Profile) -> Iterator[Doubt]:
    """An answer that is a number with its label in some rows, and the bare number in others."""
    if profile.type in ("number", "time"):
        return
    led = {text: int(found[1]) for text in profile.counts if (found := LED.fullmatch(text))}
    bare = [text for text in profile.counts if PLAIN.fullmatch(text)]
    if not led or not bare or len(led) + len(bare) < 0.9 * profile.distinct or len(led) > 20:
        return
    text = say(
        zh="同一量表混了两种写法：带文字的“{led}”等{n}种，与只写数的“{bare}”等{m}种",
        en='one scale is written in two ways: with its label as in "{led}" ({n} of them) and as a bare number as in "{bare}" ({m})',
        led=next(iter(led)),
        n=len(led),
        bare=bare[0],
        m=len(bare),
    )
    todo = Words("方法读这些列时，登记项的 values 会把文字写法对应到数", "where a method reads them, the entry maps the labelled answers to their numbers under values")
    yield Doubt("mixed_scale", (profile.name,), text, todo, dict(sorted(led.items(), key=lambda each: each[1])))


def _codes(profile: Profile) -> Iterator[Doubt]:
    """Numbers that stand for a missing answer: outside of what the other cells span by far, or negative where nothing else is."""
    if profile.type not in ("number", "category", "flag"):
        return
    numbers = {text: float(text) for text in profile.counts if PLAIN.fullmatch(text)}
    if not numbers or len(numbers) < 0.5 * profile.distinct:
        return
    others = [value for text, value in numbers.items() if text not in CODES]
    if not others:
        return
    low, high = min(others), max(others)
    found = [text for text in CODES if text in numbers and ((numbers[text] < 0 <= low) or (numbers[text] > 0 and numbers[text] >= max(5 * high, 50)))]
    if not found:
        return
    listed = ", ".join(f"{text}×{profile.counts[text]:,}" for text in found)
    text = say(
        zh="{codes} 像是“没有回答”的代码，其余的值在{low}与{high}之间",
        en="{codes} look like codes for no answer: the other values lie between {low} and {high}",
        codes=listed,
        low=f"{low:g}",
        high=f"{high:g}",
    )
    column = profile.name
    todo = say(
        zh="若是，在 values 里写 {entry}",
        en="if they are, write under values: {entry}",
        entry=f"{column}: {{{', '.join(f'{code}: null' for code in found)}}}",
    )
    yield Doubt("missing_codes", (profile.name,), text, todo)


def _dates(profile: Profile) -> Iterator[Doubt]:
    forms = profile.dates
    if profile.type != "time" or not forms:
        return
    shown = ", ".join(_an_example(profile, form) for form in forms)
    orders = [form for form in ("d/m", "m/d") if forms.get(form)]
    if len(orders) == 2 or (len(forms) > 1 and set(forms) - {"d/m", "m/d", "either"} and form_of(profile) is None):
        text = say(zh="日期有几种写法（如 {shown}）", en="dates are written in several ways (such as {shown})", shown=shown)
        yield Doubt("mixed_dates", (profile.name,), text, Words("请在源文件里统一成 2026-05-20 这样的写法", "write them alike in the file, such as 2026-05-20"))
    elif set(forms) == {"either"}:
        text = say(zh="分不清日和月（如 {shown}）：每个日期都可以读成两种", en="day and month cannot be told apart (such as {shown}): each date can be read both ways", shown=shown)
        todo = say(
            zh="在 times 里写明：{column}: {one} 或 {two}",
            en="say it under times: {column}: {one} or {two}",
            column=profile.name,
            one="'%d/%m/%Y'",
            two="'%m/%d/%Y'",
        )
        yield Doubt("ambiguous_dates", (profile.name,), text, todo)
    elif (form := form_of(profile)) is not None:
        if set(forms) <= {"y/m/d", "iso"}:
            return
        text = say(zh="日期写成 {shown}，按 {form} 读", en="dates are written as {shown}, and are read as {form}", shown=shown, form=form)
        yield Doubt("dates", (profile.name,), text, Words("方法读这一列时，登记项的 times 会写明", "where a method reads the column, the entry says so under times"))
    elif "other" in forms:
        text = say(zh="日期的写法（如 {shown}）方法读不了", en="methods cannot read dates written so (such as {shown})", shown=shown)
        yield Doubt("other_dates", (profile.name,), text, Words("在 times 里写明格式，或改成 2026-05-20 这样的写法", "give their form under times, or write them as 2026-05-20"))


def _an_example(profile: Profile, form: str) -> str:
    from stageway.folder.inspect_columns import date_forms

    return next((text for text in profile.counts if form in date_forms({text: 1})), "")


def _decorated(profile: Profile) -> Iterator[Doubt]:
    if profile.type in ("number", "time", "flag", "id", "empty"):
        return
    known = sum(profile.counts.values())
    dressed = {text: n for text, n in profile.counts.items() if DECORATED.fullmatch(text)}
    only = [text for text in dressed if not PLAIN.fullmatch(text)]
    if not only or sum(dressed.values()) < 0.8 * known or (profile.name and all(LED.fullmatch(text) for text in only)):
        odd = [text for text in profile.counts if not PLAIN.fullmatch(text)]
        plain = known - sum(profile.counts[text] for text in odd)
        if odd and plain >= 0.9 * known and plain < known and not any(LED.fullmatch(text) for text in odd):
            text = say(
                zh="几乎全是数，只有{n}格不是，如“{odd}”：整列因此成了文字",
                en='nearly all cells are numbers; the {n} that are not, such as "{odd}", turn the whole column into text',
                n=known - plain,
                odd=_cut(odd[0]),
            )
            todo = Words("改正，或在 values 里写明它们对应什么（没有回答写 null）", "correct them, or say under values what they stand for (null for no answer)")
            yield Doubt("stray_texts", (profile.name,), text, todo)
        return
    text = say(
        zh="数写成了文字（如“{one}”）：带千分位、小数逗号、百分号或单位", en='numbers are written as text (such as "{one}"), with separators, a decimal comma, a percent sign or a unit', one=only[0]
    )
    todo = Words("用 csv 的 options: {decimal: \",\"}，或在源文件里改成纯数字", "use options: {decimal: \",\"} of csv, or write plain numbers in the file")
    yield Doubt("number_as_text", (profile.name,), text, todo)


def _damaged(profile: Profile) -> Iterator[Doubt]:
    broken = {text: n for text, n in profile.counts.items() if text in ERRORS}
    if broken:
        listed = ", ".join(f"{text}×{n}" for text, n in broken.items())
        text = say(zh="有电子表格的错误值：{listed}", en="errors of a spreadsheet: {listed}", listed=listed)
        yield Doubt("sheet_errors", (profile.name,), text, Words("在电子表格里改正公式后重新导出", "mend the formulas in the spreadsheet and export again"))
    garbled = [text for text in (profile.name, *profile.counts) if MOJIBAKE.search(text)]
    if garbled:
        text = say(zh="有乱码（如“{one}”）", en='characters are garbled (such as "{one}")', one=_cut(garbled[0]))
        yield Doubt("mojibake", (profile.name,), text, Words("在导出时选 UTF-8，或在 options 的 encoding 里写明编码", "export as UTF-8, or name the encoding under options: encoding"))


def _variants(profile: Profile) -> Iterator[Doubt]:
    """Answers that differ in case or blanks only, and so would count as two."""
    if profile.type not in ("category", "flag") or profile.distinct > 200:
        return
    alike: dict[str, list[str]] = {}
    for answer in profile.counts:
        alike.setdefault(" ".join(answer.split()).casefold(), []).append(answer)
    pairs = [" / ".join(texts) for texts in alike.values() if len(texts) > 1]
    if pairs:
        text = say(zh="有的写法只差大小写或空格：{pairs}", en="answers that differ in case or blanks only: {pairs}", pairs="; ".join(pairs[:3]))
        yield Doubt("variants", (profile.name,), text, Words("在 values 里对应到同一个值", "map them to one value under values"))


def _cut(text: str, most: int = 40) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
