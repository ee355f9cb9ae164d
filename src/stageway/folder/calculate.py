"""Compute the evidence of a product folder: only what changed, in an order that lets one finding read another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from stageway import catalogue
from stageway.evidence import DEFAULT_SEED, DefinitionError, Finding, Frame, IncompleteError, Method, Source, Words, say
from stageway.folder import bad_rows
from stageway.folder.cache import Cache, key_of
from stageway.folder.datasets import Loaded, fingerprint, load_dataset
from stageway.folder.load import Folder
from stageway.process.items import Items
from stageway.process.marked import Map
from stageway.process.model import EvidenceEntry
from stageway.process.plain import is_entered, plain_finding
from stageway.process.planning import Dataset
from stageway.process.record import Absent, DataNote
from stageway.readers.cases import TOOLS

Progress = Callable[[str, bool], None]
#: Where the wrong rows of the datasets are listed, from the product folder.
BAD_ROWS = "out/bad_rows"


@dataclass
class Calculated:
    """What came out: findings and absences by name, what each dataset held, the test cases seen, and how many were computed anew."""

    findings: dict[str, Finding] = field(default_factory=dict)
    absent: dict[str, Absent] = field(default_factory=dict)
    notes: list[DataNote] = field(default_factory=list)
    cases: list[tuple[str, str]] = field(default_factory=list)
    computed: list[str] = field(default_factory=list)


class Calculation:
    """One pass over the evidence of a folder."""

    def __init__(self, folder: Folder, *, at: datetime, force: bool = False, progress: Progress | None = None) -> None:
        self.folder, self.at, self.force = folder, at, force
        self.progress = progress or (lambda name, fresh: None)
        self.cache = Cache(folder.root)
        self.wanted: set[str] | None = None
        self.loaded: dict[str, Loaded] = {}
        self.prints: dict[str, str] = {}
        self.out = Calculated()

    def run(self, stages: set[str] | None = None) -> Calculated:
        """All evidence; or that of some stages and what it reads, and of the others what an earlier run left and is still right."""
        evidence = self.folder.product.evidence
        if stages is not None:
            wanted = [e for e in evidence.values() if e.stage in stages]
            self.wanted = {e.name for e in _in_order(evidence, wanted)}
        for entry in _in_order(evidence, list(evidence.values())):
            self._one(entry)
        self._tests()
        self._notes()
        return self.out

    def _one(self, entry: EvidenceEntry) -> None:
        if entry.is_plain:
            if is_entered(entry) and isinstance(entry.plain, Map):
                self.out.findings[entry.name] = plain_finding(entry, entry.plain)
            else:
                self.out.absent[entry.name] = Absent("no_data", say(zh="尚未填报", en="no figure has been entered"))
            return
        method = catalogue.get(str(entry.method))
        try:
            finding = self._computed(entry, method)
        except IncompleteError as error:
            self.out.absent[entry.name] = Absent("incomplete", Words(error.sentence("zh"), error.sentence("en")))
            return
        except _Missing as missing:
            self.out.absent[entry.name] = Absent("no_data", missing.why)
            return
        self.out.findings[entry.name] = finding

    def _computed(self, entry: EvidenceEntry, method: Method) -> Finding:
        sources: dict[str, str] = {}
        for reads in method.reads:
            name = entry.data.get(reads.role)
            if name is None and reads.required:
                raise _Missing(say(zh="没有数据", en="there are no data"))
            if name is not None:
                try:
                    sources[reads.role] = self._print(name)
                except _Missing:
                    if reads.required:
                        raise
        declared = {role: self._declaration(entry.data[role]) for role in sources}
        params = self._params(entry, method)
        key = key_of(["finding", method.id, method.version, params, DEFAULT_SEED, sources, declared, entry.name])
        wanted = self.wanted is None or entry.name in self.wanted
        if not (self.force and wanted) and (cached := self.cache.finding(key)) is not None and self._listed(cached, entry):
            self.progress(entry.name, False)
            return cached
        if not wanted:
            raise _Missing(say(zh="本次只算了部分阶段，没有算它", en="this run was of other stages only"))
        tables = {role: self._frame(entry.data[role]) for role in sources}
        listed = tuple(self._source(method, role, entry.data[role], tables[role]) for role in sources)
        treatments = {role: self._treatment(dataset) for role in sources if (dataset := self.folder.product.datasets.get(entry.data[role])) is not None}
        finding = bad_rows.computed(method, tables, treatments, lambda good: method.run(good, params, sources=listed), entry.name)
        said = [w for role in sources if (read := self.loaded.get(entry.data[role])) for w in read.warnings]
        if said:
            finding = replace(finding, warnings=(*finding.warnings, *said))
        self.cache.put_finding(key, finding)
        self.out.computed.append(entry.name)
        self.progress(entry.name, True)
        return finding

    def _treatment(self, dataset: Dataset) -> bad_rows.Treatment:
        shown = f"{BAD_ROWS}/{dataset.name}.csv"
        return bad_rows.Treatment(dataset, self.folder.root / shown, shown)

    def _listed(self, finding: Finding, entry: EvidenceEntry) -> bool:
        """Whether the files of wrong rows that a finding points to are still there."""
        if all(warning.code != bad_rows.CODE for warning in finding.warnings):
            return True
        kept = [d for name in entry.data.values() if (d := self.folder.product.datasets.get(name)) is not None and d.bad_rows == "keep"]
        return any(self._treatment(dataset).file.is_file() for dataset in kept)

    def _params(self, entry: EvidenceEntry, method: Method) -> dict[str, Any]:
        """What the entry says; a method that counts local days counts those of the product's time zone."""
        local = {"zone": self.folder.product.zone} if any(spec.name == "zone" for spec in method.params.specs()) else {}
        return {**local, **entry.params}

    def _declaration(self, name: str) -> object:
        dataset = self.folder.product.datasets.get(name)
        if dataset is None:
            return name
        return [dataset.reader, dict(dataset.columns), dict(dataset.values), dataset.wide, dict(dataset.options), str(dataset.collected), dict(dataset.times), dataset.bad_rows]

    def _print(self, name: str) -> str:
        if name not in self.prints:
            prefix, _, rest = name.partition(":")
            if prefix == "finding" and rest:
                self.prints[name] = key_of(self._finding(rest.partition(".")[0]).to_json())
            elif prefix == "items" and rest:
                listed = items_frame(self.folder.items, rest)
                if not len(listed):
                    raise _Missing(say(zh="还没有登记任何“{kind}”条目", en='no item of the kind "{kind}" is registered yet', kind=rest))
                self.prints[name] = key_of(listed.records())
            else:
                dataset = self.folder.product.datasets.get(name)
                if dataset is None:
                    raise _Missing(say(zh="没有数据“{name}”", en='there are no data "{name}"', name=name))
                self.prints[name] = fingerprint(self.folder.root, dataset)
        return self.prints[name]

    def _finding(self, name: str) -> Finding:
        if name not in self.out.findings:
            raise _Missing(say(zh="它依据的结论“{name}”还没有", en='the finding "{name}" that it reads is not there yet', name=name))
        return self.out.findings[name]

    def _frame(self, name: str) -> Frame:
        prefix, _, rest = name.partition(":")
        if prefix == "finding" and rest:
            evidence, _, table = rest.partition(".")
            found = self._finding(evidence).table(table)
            if found is None:
                known = ", ".join(t.name for t in self._finding(evidence).tables)
                what = say(zh="结论“{evidence}”没有表“{table}”", en='the finding "{evidence}" has no table "{table}"', evidence=evidence, table=table)
                raise DefinitionError("table_unknown", what, expected=say(zh="{known} 之一", en="one of {known}", known=known))
            return found.frame(name)
        if prefix == "items" and rest:
            return items_frame(self.folder.items, rest)
        return self._load(name).frame

    def _load(self, name: str) -> Loaded:
        if name not in self.loaded:
            self.loaded[name] = load_dataset(self.folder.root, self.folder.product.datasets[name])
        return self.loaded[name]

    def _source(self, method: Method, role: str, name: str, table: Frame) -> Source:
        reads = next(r for r in method.reads if r.role == role)
        dataset = self.folder.product.datasets.get(name)
        collected = dataset.collected if dataset else None
        if collected is None and name.startswith("finding:"):
            ages = [s.collected for s in _sources(self._finding(name[8:].partition(".")[0])) if s.collected]
            collected = min(ages, default=None)
        if collected is None:
            collected = _latest(table, [c.name for c in reads.columns if c.type == "time"])
        return Source(role, name, self.prints[name], len(table), collected, reads.baseline)

    def _tests(self) -> None:
        """The cases of every test report, so that tests belong to items; a report that breaks off has none."""
        for name, dataset in self.folder.product.datasets.items():
            if dataset.reader not in TOOLS or name.endswith("_previous"):
                continue
            try:
                key = key_of(["cases", self._print(name), self._declaration(name)])
                found = None if self.force else self.cache.get(key)
                if found is None:
                    frame = self._load(name).frame
                    rows = zip(frame["classname"], frame["name"], frame["scope"], strict=True)
                    found = sorted({(str(c or ""), str(n)) for c, n, scope in rows if scope != "suite"})
                    self.cache.put(key, found)
            except IncompleteError:
                continue
            self.out.cases += [(f"test:{classname}::{case}" if classname else f"test:{case}", case) for classname, case in found]

    def _notes(self) -> None:
        used: dict[str, list[str]] = {}
        rows: dict[str, tuple[int, str, date | None]] = {}
        for name, finding in self.out.findings.items():
            for source in _sources(finding):
                used.setdefault(source.name, []).append(name)
                rows[source.name] = (source.rows, source.sha256, source.collected)
        for name, dataset in self.folder.product.datasets.items():
            if name in rows:
                count, sha, collected = rows[name]
                self.out.notes.append(DataNote(name, dataset.title, dataset.path, count, sha, dataset.collected or collected, tuple(used[name])))


class _Missing(Exception):
    def __init__(self, why: Words) -> None:
        super().__init__(why.en)
        self.why = why


def _sources(finding: Finding) -> tuple[Source, ...]:
    return finding.provenance.sources if finding.provenance else ()


def _latest(table: Frame, columns: list[str]) -> date | None:
    days: list[date] = [t.date() for name in columns if name in table for t in table.times(name) if t is not None]
    return max(days, default=None)


def items_frame(items: Items, kind: str) -> Frame:
    """The items of a kind as data: id, title, fields, links joined by `;`."""
    declared = items.kinds.kinds.get(kind)
    if declared is None:
        raise DefinitionError("kind_unknown", say(zh="没有条目类别“{kind}”", en='there is no kind of item "{kind}"', kind=kind))
    records = [
        {
            "id": i.id,
            "title": i.title.en,
            **{f.name: i.text(f.name) or None for f in declared.fields},
            **{k: ";".join(i.links.get(k, ())) or None for k in declared.links},
        }
        for i in items.of(kind)
    ]
    return Frame.of(records, f"items:{kind}")


def _in_order(evidence: Mapping[str, EvidenceEntry], wanted: list[EvidenceEntry]) -> Iterator[EvidenceEntry]:
    """Each after those whose tables it reads; a circle is an error."""
    done: set[str] = set()
    path: list[str] = []

    def visit(entry: EvidenceEntry) -> Iterator[EvidenceEntry]:
        if entry.name in done:
            return
        if entry.name in path:
            circle = " → ".join([*path[path.index(entry.name) :], entry.name])
            raise DefinitionError(
                "evidence_circle", say(zh="结论互相依赖成环：{circle}", en="evidence depends on itself: {circle}", circle=circle), where=entry.where
            )
        path.append(entry.name)
        for source in entry.data.values():
            if source.startswith("finding:") and (name := source[8:].partition(".")[0]) in evidence:
                yield from visit(evidence[name])
        path.pop()
        done.add(entry.name)
        yield entry

    for entry in wanted:
        yield from visit(entry)
