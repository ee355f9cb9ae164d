"""The pen: one language of one dossier, with the small forms that every part of the document uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from stageway.document import dates
from stageway.document.outline import Break, ColumnSpec, Heading, Line, Para, Span, State, Table, Text
from stageway.document.states import STATES
from stageway.evidence import Estimate, Kind, Lang, Words, say, shown
from stageway.evidence.numerals import digits, number
from stageway.process.dossier import Dossier
from stageway.process.model import Requirement, Stage
from stageway.process.planning import CalendarEntry
from stageway.process.record import Seen, Verdict

_HAN = "零一二三四五六七八九十"
Cell = str | Span | Iterable[Span]


def han(number: int) -> str:
    """1 to 99 as a Chinese numeral."""
    if number <= 10:
        return _HAN[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")


def strong(text: str) -> Text:
    return Text(text, strong=True)


def mute(text: str) -> Text:
    return Text(text, mute=True)


def line(*parts: Cell) -> Line:
    """Spans of one line: plain strings become text, tuples are joined in, empty strings fall out."""
    made: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            if part:
                made.append(Text(part))
        elif isinstance(part, Text):
            if part.text:
                made.append(part)
        elif not isinstance(part, Iterable):
            made.append(part)
        else:
            made.extend(line(*part))
    return tuple(made)


def stacked(lines: Iterable[Line]) -> Line:
    """Several lines in one cell."""
    made: list[Span] = []
    for each in lines:
        if each:
            made += [*([Break()] if made else []), *each]
    return tuple(made)


@dataclass(frozen=True)
class Pen:
    dossier: Dossier
    lang: Lang

    # ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def of(self, words: Words | str | None, default: str = "—") -> str:
        if words is None:
            return default
        return words if isinstance(words, str) else words[self.lang]

    def say(self, zh: str, en: str, **slots: object) -> str:
        return say(zh=zh, en=en, **slots)[self.lang]

    def fill(self, pattern: Words, **slots: object) -> str:
        return say(zh=pattern.zh, en=pattern.en, **slots)[self.lang]

    def listed(self, parts: Iterable[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def clauses(self, parts: Iterable[str]) -> str:
        return ("；" if self.lang == "zh" else "; ").join(parts)

    def run(self, parts: Iterable[str]) -> str:
        """Clauses of one sentence: in English only the first keeps its capital."""
        return self.clauses(part if i == 0 else self.inner(part) for i, part in enumerate(parts))

    def written(self, value: Words | str | None) -> str:
        """What somebody wrote in one language: in the other edition it stands as a quotation."""
        text = self.of(value, "").rstrip("。.")
        if not text or (re.search(r"[\u4e00-\u9fff]", text) is not None) == (self.lang == "zh"):
            return text
        return self.say("“{text}”（原文）", "“{text}” (original wording)", text=text)

    def ended(self, text: str) -> str:
        """With a full stop at its end."""
        bare = text.rstrip()
        if not bare or bare[-1] in "。！？!?…”" or (bare[-1] == "." and self.lang == "en"):
            return bare
        return bare.rstrip("；;，,.") + ("。" if self.lang == "zh" else ".")

    def sentences(self, parts: Iterable[str]) -> str:
        """Full sentences one after another, each with its stop."""
        return ("" if self.lang == "zh" else " ").join(self.ended(self.capital(part)) for part in parts if part)

    def capital(self, text: str) -> str:
        """With a capital letter in English; a Greek symbol such as β stays what it is."""
        return text[:1].upper() + text[1:] if self.lang == "en" and text[:1].isascii() else text

    def bracketed(self, text: str) -> str:
        return f"（{text}）" if self.lang == "zh" else f" ({text})"

    def inner(self, text: str) -> str:
        """A phrase inside an English sentence: without its capital, unless its first word is a name or a term."""
        if self.lang == "zh" or not (text[1:2].islower() or text.startswith("A ")):
            return text
        first = text.split()[0].rstrip(",:;")
        terms = {word for term, _ in self.dossier.process.glossary for word in term.en.split()[:1]}
        named = [*(p.name for p in self.dossier.product.people), self.dossier.product.name, *(c.title for c in self.dossier.items.of("competitor"))]
        names = {word for name in named for word in name.en.split()} | {d.name.en.split()[0] for d in self.dossier.process.departments}
        return text if first in terms | names else text[:1].lower() + text[1:]

    # ── dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def year(self) -> int:
        return self.dossier.today.year

    def day(self, day: date | None, year: int | None = None) -> str:
        return "—" if day is None else dates.short(day, self.year if year is None else year)[self.lang]

    def full(self, day: date | None) -> str:
        return "—" if day is None else dates.full(day)[self.lang]

    def moment(self, text: str) -> str:
        return dates.moment(text, self.year)[self.lang]

    def span(self, start: date, end: date) -> str:
        return dates.span(start, end, self.year)[self.lang]

    def working_day(self, number: int) -> Words:
        return say(zh="第{n}个工作日", en="working day {n}", n=max(1, number))

    def due(self, requirement: Requirement) -> str:
        """When the requirement is due: a date, or the working day of its stage where the stage has no dates yet."""
        return self.of(self.due_words(requirement))

    def due_words(self, requirement: Requirement) -> Words:
        due = self.dossier.due(requirement)
        if due is not None:
            return dates.short(due, self.year)
        stage = self.dossier.process.stage(requirement.stage)
        assert stage is not None
        return self.working_day(round(stage.working_days * requirement.due))

    def gate_entry(self, stage: Stage) -> CalendarEntry | None:
        """The next entry of the calendar that is this gate: it names it in either language."""
        name = self.gate_words(stage)
        ahead = [entry for entry in self.dossier.product.calendar if (day := dates.day_of(entry.at)) is not None and day >= self.dossier.today]
        named = [
            entry
            for entry in ahead
            if re.search(rf"{re.escape(name.zh)}(?![一二三四五六七八九十])|\b{re.escape(name.en)}\b", f"{entry.what.zh} {entry.what.en}")
        ]
        return min(named, key=lambda entry: entry.at, default=None)

    def gate_day(self, stage: Stage) -> date | None:
        """The day of the gate: by the calendar, else the stage's planned end."""
        entry = self.gate_entry(stage)
        return dates.day_of(entry.at) if entry else self.dossier.plan(stage.id).planned[1]

    def gate_due(self, stage: Stage) -> Words:
        """When the stage's gate is held: by the calendar, else its planned end, or its last working day."""
        entry = self.gate_entry(stage)
        if entry is not None:
            return dates.moment(entry.at, self.year)
        end = self.dossier.plan(stage.id).planned[1]
        return dates.short(end, self.year) if end is not None else self.working_day(stage.working_days)

    def keeper(self) -> Words:
        """Who keeps the product's file: the document's author, else the head of the product department, else of the first stage's."""
        dossier = self.dossier
        if dossier.product.person(dossier.product.author) is not None:
            return dossier.person_name(dossier.product.author)
        known = any(d.id == "product" for d in dossier.process.departments)
        return dossier.head_of("product" if known else dossier.process.stages[0].owner)

    # ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def term(self, noun: str, default: Words) -> Words:
        """The company's own word for a noun of the process."""
        return self.dossier.product.terms.get(noun, default)

    def owner(self, requirement: Requirement) -> Words:
        """The person named for the requirement, else the first person of its department, else the head of the department."""
        return self.dossier.owner_name(requirement)

    def stage_owner(self, stage: Stage) -> Words:
        person = self.dossier.product.person(self.dossier.plan(stage.id).owner) or self.dossier.product.member(stage.owner)
        return person.name if person else self.dossier.head_of(stage.owner)

    def round_words(self, number: int) -> Words:
        """第二轮 / round two."""
        english = ("", "one", "two", "three", "four", "five", "six")
        return Words(f"第{han(number)}轮", f"round {english[number] if number < len(english) else number}")

    def stage_words(self, stage: Stage) -> Words:
        noun = self.term("stage", Words("阶段", "Stage"))
        return Words(f"第{han(stage.number)}{noun.zh}", f"{noun.en} {stage.number}")

    def numbered(self, stage: Stage, name: Words) -> str:
        """三　产品设计 / 3 Design."""
        return self.say("{n}　{name}", "{n} {name}", n=Words(han(stage.number), str(stage.number)), name=name)

    def stage_name(self, id: str | None) -> str:
        """第三阶段 / Stage 3; the id where the process has no such stage any more."""
        stage = self.dossier.process.stage(id) if id else None
        return self.of(self.stage_words(stage)) if stage else (id or "—")

    def gate_words(self, stage: Stage) -> Words:
        if self.dossier.plan(stage.id).continuous:
            return Words("定期评审", "the periodic review")
        noun = self.term("gate", Words("关口", "Gate"))
        return Words(f"{noun.zh}{han(stage.number)}", f"{noun.en} {stage.number}")

    def gate_name(self, stage: Stage) -> str:
        return self.capital(self.of(self.gate_words(stage)))

    def person(self, id: str | None) -> str:
        return self.of(self.dossier.person_name(id))

    def code(self, evidence: str | None) -> str:
        return self.dossier.codes.get(evidence or "", "")

    def cited(self, names: Iterable[str]) -> str:
        """（F3-1、F3-5） behind a claim; nothing where no finding has a code."""
        codes = [code for name in dict.fromkeys(names) if (code := self.code(name))]
        return self.bracketed(self.listed(codes)) if codes else ""

    def with_code(self, text: str, codes: Iterable[str]) -> str:
        """The code behind a claim, inside the bracket that ends it where there is one: （n=30，F3-5）."""
        listed = [code for code in codes if code]
        bare = text.rstrip("。.")
        if not listed:
            return bare
        if bare.endswith("）" if self.lang == "zh" else ")"):
            return bare[:-1] + ("，" if self.lang == "zh" else ", ") + ("，" if self.lang == "zh" else ", ").join(listed) + bare[-1]
        return bare + self.bracketed(("，" if self.lang == "zh" else ", ").join(listed))

    # ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def seen(self, verdict: Verdict, *, with_n: bool = True) -> str:
        """What the criterion saw: value with interval and n, a count with what it was counted from and which, who signed; — where nothing."""
        seen = verdict.seen
        if seen is None:
            return "—"
        if seen.signed_by:
            when = self.day(seen.signed_on) if seen.signed_on else ""
            return self.say("{who}{when}签", "{who}, {when}", who=self.dossier.person_name(seen.signed_by), when=when).rstrip(", ")
        text = self.value(seen)
        if seen.which:
            more = len(seen.which) - 5
            names = list(seen.which[:5]) + ([self.say("另{n}项", "{n} more", n=more)] if more > 0 else [])
            text += self.bracketed(self.listed(names))
        elif seen.key:
            text += self.bracketed(self.key_name(verdict))
        if with_n and seen.n and seen.low is not None:
            text += self.say("，n={n}", ", n = {n}", n=f"{seen.n:,}")
        return text

    def key_name(self, verdict: Verdict) -> str:
        """What the key of an estimate stands for, where the finding names it."""
        key = verdict.seen.key if verdict.seen else None
        finding = self.dossier.findings.get(verdict.evidence or "")
        value = verdict.seen.value if verdict.seen else None
        labels = [e.label for e in finding.estimates if e.key == key and e.value == value and e.label is not None] if finding and key else []
        return self.of(labels[0]) if labels else str(key)

    def value(self, seen: Seen) -> str:
        made = seen_estimate(seen)
        if seen.of is not None and seen.unit == "" and seen.low is None and seen.of not in (0, seen.value):
            return self.say("{value}/{of}", "{value} of {of}", value=f"{seen.value:,.0f}", of=f"{seen.of:,}")
        if seen.of and seen.unit == "%" and seen.low is None:
            return self.say("{count}/{of}", "{count} of {of}", count=f"{round(seen.value * seen.of):,}", of=f"{seen.of:,}")
        return self.of(shown(made))

    def value_alone(self, seen: Seen) -> str:
        """The point value without its interval, for 若真值就是…"""
        made = seen_estimate(seen)
        return number(made.value, made.unit, self.lang, digits(made)) if seen.of is None else self.value(seen)

    def counts(self, seen: Seen | None) -> Words:
        """What n counts, ready to stand behind a number (zh without, en with a space)."""
        if seen is None or not (seen.counts.zh and seen.counts.en):
            return Words("", "")
        return Words(seen.counts.zh, " " + seen.counts.en.strip())

    # ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def state(self, name: str, word: str | None = None) -> State:
        return State(name, word if word is not None else STATES[name].word[self.lang])

    def heading(self, level: int, text: str, anchor: str, number: int | tuple[int, int] = 0, *, new_page: bool = False) -> Heading:
        """`number` is the chapter's, or chapter and section; 0 for an unnumbered chapter."""
        if not number:
            return Heading(level, text, anchor, new_page=new_page)
        if isinstance(number, int):
            return Heading(level, text, anchor, f"{han(number)}、" if self.lang == "zh" else str(number), str(number), new_page)
        chapter, section = number
        return Heading(level, text, anchor, f"（{han(section)}）" if self.lang == "zh" else f"{chapter}.{section}", str(chapter), new_page)

    def labelled(self, label: str, *parts: Cell) -> Para:
        """A paragraph that begins with a label in bold."""
        gap = "　" if self.lang == "zh" else " "
        stop = "" if self.lang == "zh" else "."
        return Para(line(strong(label + stop), gap, *parts), lead=True)

    def table(self, id: str, caption: str, heads: Iterable[tuple[str, float | None] | ColumnSpec], rows: Iterable[Iterable[Any]], **options: Any) -> Table:
        columns = tuple(head if isinstance(head, ColumnSpec) else ColumnSpec(head[0], head[1]) for head in heads)
        return Table(id, caption, columns, tuple(tuple(line(cell) for cell in row) for row in rows), **options)


def seen_estimate(seen: Seen) -> Estimate:
    """What a criterion saw as an estimate, so that it is printed as findings are."""
    exact = seen.low is None or seen.high is None
    return Estimate(
        "seen", seen.value, None if exact else seen.low, None if exact else seen.high, unit=seen.unit, n=seen.n, kind=Kind.EXACT if exact else Kind(seen.kind)
    )
