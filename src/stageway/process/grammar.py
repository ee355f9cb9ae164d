"""The grammar of criteria: small, ours, and read without `eval`. A recursive descent over the text; an error names the character.

    criterion := signoff | subject OP NUMBER [UNIT]        OP := >= | <= | == | > | <
    signoff   := "signoff" "." ROLE "." SUBJECT
    subject   := measure | ("min" | "max") "(" measure ")" | KIND ["[" FIELD "=" VALUE {"," …} "]"] "." call
    measure   := NAME "." ESTIMATE ["[" KEY "]"]
    call      := "count" "(" ")" | ("with" | "without" | "share_with") "(" TARGET ")"

An evidence and a plural may be spelt alike (`competitors.unique`, `competitors.count()`): the brackets of the call tell them apart.
No end of an interval can be named; the whole interval is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from stageway.evidence import DefinitionError, Where, Words, did_you_mean, say
from stageway.process.expression import CALLS, FORMS, FRACTIONS, UNITS, Count, Expression, Live, Measure, Signoff, criterion_text, threshold_words
from stageway.process.model import KindBook

__all__ = [
    "Count", "Expression", "Live", "Measure", "Signoff", "check", "check_live", "criterion_text", "link_targets", "parse", "parse_live", "parse_target",
    "threshold_words",
]

#: Names of an interval's ends, which nobody may hold against a threshold (lint L-05).
ENDS = frozenset({"low", "high", "lo", "hi", "lower", "upper", "lower_bound", "upper_bound", "ci_low", "ci_high"})

_NAME = r"[^\W\d]\w*"


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def parse(text: str, where: Where) -> Expression:
    """One criterion. Raises DefinitionError (`criterion_wrong`, `interval_end`, `unit_unknown`, `limit_wrong`) with the place and what was expected."""
    scan = _Scanner(text, where)
    subject = _subject(scan)
    if isinstance(subject, Signoff):
        scan.end(Words("签核后面没有别的", "nothing after a sign-off"))
        return Expression(text, subject)
    op: Any = scan.need(r">=|<=|==|>|<", Words(">=、<=、==、> 或 <", ">=, <=, ==, > or <"))
    written = scan.need(r"[-\u2212]?[0-9]+(?:\.[0-9]+)?(?![0-9,])", Words("一个数，不带千分位", "a number without thousands separators")).replace("\u2212", "-")
    unit = _unit(scan)
    value = Decimal(written) / 100 if unit in FRACTIONS else Decimal(written)
    expression = Expression(text, subject, op, float(value), unit, len(written.partition(".")[2]))
    _check_limit(expression, where)
    return expression


def parse_target(metric: str, target: str, where: Where) -> Expression:
    """A goal's metric (`retention.d30`) with its target (`>= 20%`), as the same expression that a criterion is."""
    return parse(f"{metric.strip()} {target.strip()}", where)


def parse_live(text: str, where: Where | None = None) -> Live:
    """What stands between the double braces of a paragraph."""
    scan = _Scanner(text, where or Where())
    measure = _measure(scan, scan.need(_NAME, Words("结论名", "the name of an evidence")))
    form = "value"
    if scan.take(r"\|") is not None:
        form = scan.take(_NAME) or ""
        if form not in FORMS:
            what = say(zh="“{text}”：没有“{form}”这种写法", en='"{text}": there is no form "{form}"', text=text.strip(), form=form)
            raise DefinitionError("form_unknown", what, where=scan.where, todo=did_you_mean(form, FORMS))
    scan.end(Words("“| interval”或“| n”", "| interval or | n"))
    return Live(measure.name, measure.estimate, measure.key, form)  # type: ignore[arg-type]


class _Scanner:
    """The text and how far it has been read. Blanks between tokens count for nothing."""

    def __init__(self, text: str, where: Where) -> None:
        self.text, self.where, self.at = text, where, 0

    def take(self, pattern: str) -> str | None:
        found = re.compile(rf"\s*({pattern})").match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found[1]

    def need(self, pattern: str, expected: Words) -> str:
        taken = self.take(pattern)
        if taken is None:
            raise self.wrong(expected)
        return taken

    def end(self, expected: Words) -> None:
        if self.rest:
            raise self.wrong(expected)

    @property
    def rest(self) -> str:
        return self.text[self.at :].strip()

    def wrong(self, expected: Words) -> DefinitionError:
        rest = self.rest
        if not rest:
            what = say(zh="“{text}”：没有写完", en='"{text}": this is not complete', text=self.text.strip())
        else:
            column = self.text.index(rest, self.at) + 1
            what = say(
                zh="“{text}”：从第{column}个字符“{rest}”起读不懂", en='"{text}": this cannot be read from character {column} on, "{rest}"',
                text=self.text.strip(), column=column, rest=rest,
            )
        return DefinitionError("criterion_wrong", what, where=self.where, expected=expected)


def _subject(scan: _Scanner) -> Measure | Count | Signoff:
    name: Any = scan.need(_NAME, Words("结论名、条目种类或 signoff", "the name of an evidence, a kind of items or signoff"))
    if name in ("min", "max") and scan.take(r"\("):
        inner = _measure(scan, scan.need(_NAME, Words("结论名", "the name of an evidence")))
        if inner.key is not None:
            raise scan.wrong(say(zh="不带键的估计，{fold} 比较全部的键", en="an estimate without a key: {fold} looks at all of them", fold=name))
        scan.need(r"\)", Words("“)”", ")"))
        return Measure(inner.name, inner.estimate, None, name)
    if name == "signoff":
        dot = Words("signoff.部门.事项", "signoff.DEPARTMENT.SUBJECT")
        scan.need(r"\.", dot)
        role = scan.need(_NAME, dot)
        scan.need(r"\.", dot)
        return Signoff(role, scan.need(_NAME, dot))
    filters = _filters(scan)
    if not filters and not re.match(rf"\s*\.\s*{_NAME}\s*\(", scan.text[scan.at :]):
        return _measure(scan, name)
    scan.need(r"\.", _calls())
    start = scan.at
    call: Any = scan.need(_NAME, _calls())
    if call not in CALLS:
        scan.at = start
        raise scan.wrong(_calls())
    scan.need(r"\(", _calls())
    target = None if call == "count" else scan.need(_NAME, Words("条目种类、finding、test 或字段", "a kind of items, finding, test or a field"))
    scan.need(r"\)", Words("“)”", ")"))
    return Count(name, filters, call, target)


def _calls() -> Words:
    return Words("count()、with(…)、without(…) 或 share_with(…)", "count(), with(…), without(…) or share_with(…)")


def _filters(scan: _Scanner) -> tuple[tuple[str, str], ...]:
    made: list[tuple[str, str]] = []
    if scan.take(r"\[") is None:
        return ()
    while True:
        name = scan.need(_NAME, Words("[字段=值]", "[field=value]"))
        scan.need("=", Words("[字段=值]", "[field=value]"))
        made.append((name, scan.need(r"[^\s\[\],=](?:[^\[\],=]*[^\s\[\],=])?", Words("字段的值", "the field's value"))))
        if scan.take(",") is None:
            scan.need(r"\]", Words("“]”", "]"))
            return tuple(made)


def _measure(scan: _Scanner, name: str) -> Measure:
    scan.need(r"\.", Words("结论名.估计名", "evidence.estimate"))
    estimate = scan.need(_NAME, Words("估计名", "the name of an estimate"))
    key = None
    if scan.take(r"\["):
        key = scan.need(r"[^\s\[\]](?:[^\[\]]*[^\s\[\]])?", Words("键", "a key"))
        scan.need(r"\]", Words("“]”", "]"))
    after = re.match(rf"\s*\.\s*({_NAME})", scan.text[scan.at :])
    if after and after[1] in ENDS:
        raise _end_of_interval(scan.text, scan.where)
    return Measure(name, estimate, key)


def _end_of_interval(text: str, where: Where) -> DefinitionError:
    what = say(zh="“{text}”：写了区间的一端", en='"{text}": this names an end of an interval', text=text.strip())
    todo = Words("只写指标名，如 sus.score >= 68：判定总是看整个区间", "name the quantity alone, such as sus.score >= 68: the whole interval is always judged")
    return DefinitionError("interval_end", what, where=where, todo=todo)


def _unit(scan: _Scanner) -> str:
    rest = scan.rest
    if rest == "days":
        rest = "d"
    if rest and rest not in UNITS:
        if not re.fullmatch(r"[^\s\d<>=().,\[\]]+", rest):
            raise scan.wrong(say(zh="单位，或没有别的（单位：{known}）", en="a unit, or nothing more (units: {known})", known=", ".join(UNITS)))
        what = say(zh="“{text}”：不认识单位“{unit}”", en='"{text}": the unit "{unit}" is unknown', text=scan.text.strip(), unit=rest)
        raise DefinitionError("unit_unknown", what, where=scan.where, todo=did_you_mean(rest, UNITS))
    scan.at = len(scan.text)
    return rest


def _check_limit(expression: Expression, where: Where) -> None:
    """A count has no unit; a share of items is at most all of them."""
    subject = expression.subject
    if not isinstance(subject, Count) or expression.limit is None:
        return
    if subject.call == "share_with":
        if expression.unit not in ("", "%") or not 0 <= expression.limit <= 1:
            what = say(zh="“{text}”：门槛不是占比", en='"{text}": the threshold is no share', text=expression.text.strip())
            raise DefinitionError("limit_wrong", what, where=where, expected=Words("0%到100%", "0% to 100%"))
    elif expression.unit:
        what = say(zh="“{text}”：计数没有单位", en='"{text}": a count has no unit', text=expression.text.strip())
        raise DefinitionError("limit_wrong", what, where=where, todo=say(zh="去掉“{unit}”", en='leave "{unit}" out', unit=expression.unit))


# ── checking names ────────────────────────────────────────────────────────────────────────────────────────────────────

Gives = Mapping[str, "tuple[str, ...] | None"]


def check(expression: Expression, *, gives: Gives, kinds: KindBook, departments: Iterable[str], where: Where) -> None:
    """Refuse a name that is declared nowhere, with the nearest right one.

    `gives` holds each evidence's estimates: `score` has no key, `better[]` has any, `completion[T2]` has these; None where nobody
    can know them before they are there. Raises DefinitionError.
    """
    subject = expression.subject
    match subject:
        case Measure():
            _check_measure(subject, expression.text, gives, where)
        case Count():
            _check_count(subject, expression.text, kinds, where)
        case Signoff():
            pool = set(departments)
            if subject.role not in pool:
                what = say(zh="“{text}”：没有部门“{name}”", en='"{text}": there is no department "{name}"', text=expression.text, name=subject.role)
                raise DefinitionError("department_unknown", what, where=where, todo=did_you_mean(subject.role, pool))


def check_live(live: Live, text: str, *, gives: Gives, where: Where) -> None:
    """The same for a number inside a paragraph."""
    _check_measure(Measure(live.name, live.estimate, live.key), text, gives, where)


def _check_measure(measure: Measure, text: str, gives: Gives, where: Where) -> None:
    if measure.name not in gives:
        what = say(zh="“{text}”：没有声明结论“{name}”", en='"{text}": the evidence "{name}" is not declared', text=text, name=measure.name)
        raise DefinitionError("evidence_unknown", what, where=where, todo=did_you_mean(measure.name, gives))
    listed = gives[measure.name]
    if listed is None:
        return
    alone = {each for each in listed if "[" not in each}
    keyed: dict[str, set[str]] = {}
    for each in listed:
        if "[" in each:
            name, _, key = each.removesuffix("]").partition("[")
            keyed.setdefault(name, set()).update({key} if key else ())
    name = measure.estimate
    if name not in alone and name not in keyed:
        if name in ENDS or any(name.endswith(f"_{end}") for end in ENDS):
            raise _end_of_interval(text, where)
        what = say(zh="“{text}”：结论“{of}”没有估计“{name}”", en='"{text}": "{of}" has no estimate "{name}"', text=text, of=measure.name, name=name)
        raise DefinitionError("estimate_unknown", what, where=where, todo=did_you_mean(name, alone | set(keyed)))
    _check_key(measure, text, name in alone, keyed.get(name), where)


def _check_key(measure: Measure, text: str, alone: bool, keys: set[str] | None, where: Where) -> None:
    full = f"{measure.name}.{measure.estimate}"
    if measure.key is None and measure.fold is None and not alone:
        what = say(zh="“{text}”：没有写键，{full}每个键有一个值", en='"{text}": the key is missing, {full} has one value for each key', text=text, full=full)
        expected = say(zh="{full}[键]，或 min({full})、max({full})", en="{full}[key], or min({full}), max({full})", full=full)
        raise DefinitionError("key_missing", what, where=where, expected=expected)
    if (measure.key is not None or measure.fold is not None) and keys is None:
        extra = f"[{measure.key}]" if measure.key is not None else f"{measure.fold}()"
        what = say(zh="“{text}”：不该写“{extra}”，{full}只有一个值", en='"{text}": "{extra}" must go, {full} is one value', text=text, extra=extra, full=full)
        raise DefinitionError("key_refused", what, where=where, expected=Words.of(full))
    if measure.key is not None and keys and measure.key not in keys:
        what = say(zh="“{text}”：没有键“{key}”", en='"{text}": there is no key "{key}"', text=text, key=measure.key)
        raise DefinitionError("key_unknown", what, where=where, todo=did_you_mean(measure.key, keys))


def _check_count(count: Count, text: str, kinds: KindBook, where: Where) -> None:
    kind = kinds.by_plural(count.plural)
    if kind is None:
        what = say(zh="“{text}”：没有条目种类“{name}”", en='"{text}": there is no kind of items "{name}"', text=text, name=count.plural)
        raise DefinitionError("kind_unknown", what, where=where, todo=did_you_mean(count.plural, [k.plural for k in kinds.kinds.values()]))
    for name, value in count.filters:
        spec = kind.field(name)
        if name != "id" and spec is None:
            what = say(zh="“{text}”：{kind}没有字段“{name}”", en='"{text}": {kind} has no field "{name}"', text=text, name=name, kind=kind.name)
            raise DefinitionError("field_unknown", what, where=where, todo=did_you_mean(name, ["id", *(f.name for f in kind.fields)]))
        known = ("yes", "no") if spec and spec.type == "flag" else spec.choices if spec and spec.type == "choice" else ()
        if known and value not in known:
            what = say(zh="“{text}”：“{name}”不会是“{value}”", en='"{text}": "{name}" is never "{value}"', text=text, name=name, value=value)
            raise DefinitionError("value_unknown", what, where=where, todo=did_you_mean(value, known))
    if count.target is not None and count.target not in (targets := link_targets(kind.id, kinds)):
        what = say(zh="“{text}”：{kind}链接不到“{name}”", en='"{text}": {kind} has no link to "{name}"', text=text, name=count.target, kind=kind.name)
        raise DefinitionError("target_unknown", what, where=where, todo=did_you_mean(count.target, targets))


def link_targets(kind: str, kinds: KindBook) -> tuple[str, ...]:
    """What items of a kind can have: their fields, `finding`, kinds linked in either direction or on the same thread, and groups of those."""
    mine = kinds.kinds[kind]
    on_thread = [each for place in kinds.thread for each in place]
    linked = set(mine.links) | {other.id for other in kinds.kinds.values() if kind in other.links}
    linked |= set(on_thread) if kind in on_thread else set()
    linked.discard(kind)
    groups = [name for name, members in kinds.groups.items() if linked & set(members)]
    return tuple(dict.fromkeys([*(f.name for f in mine.fields), *sorted(linked), *groups]))
