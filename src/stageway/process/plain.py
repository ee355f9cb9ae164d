"""Numbers that no method gives: people enter them with interval, n and source, and everything else treats them as a finding."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from stageway.arithmetic import intervals
from stageway.evidence import DefinitionError, Estimate, Finding, Kind, Meaning, Provenance, Source, Words, joined, say, shown, with_n
from stageway.process.adaptation import as_date
from stageway.process.marked import Map
from stageway.process.model import EvidenceEntry

METHOD = "plain"


def plain_finding(entry: EvidenceEntry, data: Map) -> Finding:
    """The finding of hand-entered numbers. `data` is the evidence's mapping: `plain` (name → value, low, high, n, unit, kind, counts), `source`, `by`, `collected`, `observed`."""
    numbers = data.map("plain")
    if data.get("source") is None:
        raise data.refuse(
            None,
            say(zh="人工填报的“{name}”没有写来源", en='the numbers of "{name}" are entered by hand without a source', name=entry.name),
            code="source_missing",
        )
    estimates = tuple(_estimate(name, numbers, entry) for name in numbers)
    source, by, collected = data.words("source"), data.get("by"), as_date(data, "collected")
    told = joined([_told(each) for each in estimates], zh="；", en="; ")
    headline = say(zh="{title}：{told}", en="{title}: {told}", title=entry.title, told=told)
    sure = say(zh="人工填报，来源：{source}", en="Entered by hand; source: {source}", source=source)
    observed = data.map("observed")
    span = (as_date(observed, "from"), as_date(observed, "to"))
    provenance = Provenance(
        method=METHOD,
        version="1",
        params={"by": by},
        sources=(Source("entered", source.en, collected=collected),),
        formula="entered by hand",
        seed=0,
    )
    return Finding(
        headline,
        Meaning(headline, sure, Words("", ""), Words("", "")),
        estimates,
        observed=(span[0], span[1]) if span[0] and span[1] else None,
        provenance=provenance,
    )


def _told(estimate: Estimate) -> Words:
    """`可服务人群2,845万人（n=…）`; a label that ends in a Latin or Greek letter keeps its distance from the figure."""
    label = estimate.words()
    gap = " " if re.search(r"[A-Za-z\u0370-\u03ff0-9]$", label.zh) else ""
    text = Words(f"{label.zh}{gap}{shown(estimate).zh}", f"{label.en} {shown(estimate).en}")
    return text + Words(f"（{with_n(estimate.n, 'zh')}）", f" ({with_n(estimate.n, 'en')})") if estimate.n else text


def _estimate(name: str, numbers: Map, entry: EvidenceEntry) -> Estimate:
    data = numbers[name] if isinstance(numbers[name], Map) else None
    if data is None:
        data = Map(numbers.file, numbers.lines.get(name))
        data["value"] = numbers[name]
    data.only({"value", "low", "high", "n", "unit", "kind", "counts", "label", "x"})
    base, key = _split(name, data)
    allowed = {given.removesuffix("[]") for given in entry.gives}
    if allowed and base not in allowed:
        raise numbers.refuse(
            name,
            say(zh="结论“{entry}”没有名为“{name}”的数", en='the evidence "{entry}" has no number "{name}"', entry=entry.name, name=base),
            expected=say(zh="{known} 之一", en="one of {known}", known=", ".join(sorted(allowed))),
        )
    values: dict[str, Any] = {}
    for field in ("value", "low", "high", "n"):
        if data.get(field) is not None:
            try:
                values[field] = float(data[field])
            except (TypeError, ValueError):
                raise data.refuse(field, say(zh="“{value}”不是数", en='"{value}" is not a number', value=str(data[field]))) from None
    if "value" not in values:
        raise data.refuse(None, say(zh="“{name}”没有 value", en='"{name}" has no value', name=name), code="field_missing")
    kind = _kind(name, data, values)
    if values["value"] < values.get("low", -math.inf) or values["value"] > values.get("high", math.inf):
        what = say(zh="“{name}”的值不在它的区间里", en='the value of "{name}" lies outside its interval', name=name)
        raise numbers.refuse(name, what, code="interval_wrong")
    try:
        return Estimate(
            base,
            values["value"],
            values.get("low"),
            values.get("high"),
            key,
            str(data.get("unit", "")),
            int(values["n"]) if "n" in values else None,
            data.words("counts") if "counts" in data else Words("", ""),
            kind,
            label=data.words("label") if "label" in data else None,
        )
    except ValueError as error:
        raise numbers.refuse(
            name, say(zh="“{name}”的区间不对（{error}）", en='the interval of "{name}" is wrong ({error})', name=name, error=str(error))
        ) from None


def _kind(name: str, data: Map, values: dict[str, Any]) -> Kind:
    """As written; a share of n cases gets its Wilson interval here. A number of a sample without an interval is refused: only a census is exact."""
    given = data.get("kind")
    if given is not None and given not in set(Kind):
        raise data.refuse(
            "kind",
            say(zh="区间类别“{kind}”不对", en='"{kind}" is no kind of interval', kind=str(given)),
            expected=Words("share、mean、other、exact 之一", "one of share, mean, other, exact"),
        )
    if "low" in values or "n" not in values or given == Kind.EXACT:
        return Kind(given) if given else (Kind.OTHER if "low" in values else Kind.EXACT)
    if given == Kind.SHARE:
        values["low"], values["high"] = intervals.wilson(round(values["value"] * values["n"]), int(values["n"]))
        return Kind.SHARE
    todo = Words(
        "写上 low 和 high；占比可写 kind: share，由系统算；全数统计写 kind: exact",
        "give low and high, or kind: share to have the interval computed, or kind: exact for a complete count",
    )
    raise data.refuse(
        None, say(zh="“{name}”有样本量却没有区间", en='"{name}" has a sample size but no interval', name=name), todo=todo, code="interval_missing"
    )


def _split(name: str, data: Map) -> tuple[str, str | None]:
    found = re.fullmatch(r"([A-Za-z_]\w*)(?:\[([^\]]+)\])?", name)
    if found is None:
        raise DefinitionError("estimate_name", say(zh="“{name}”不是数的名称", en='"{name}" is no name of a number', name=name), where=data.where())
    return found[1], found[2]


def is_entered(entry: EvidenceEntry) -> bool:
    return entry.is_plain and isinstance(entry.plain, Mapping) and isinstance(entry.plain.get("plain"), Mapping)
