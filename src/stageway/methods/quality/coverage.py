"""How much of the code, and of the code that changed, did the tests run?

lines = lines that ran / lines that can run; branches = branches taken / branches; new lines = the same over the lines that changed.
Each line of each file counts once, however many classes or tests tell of it. Shares in fractions of 1, of a complete count: no interval.
A change of fewer than 20 lines that can run is not judged (new_lines is not given): one line more or less would decide.

Structural coverage: Myers 1979, "The Art of Software Testing", ch. 4. Small-change rule: SonarQube 2025, "Quality gates" (conditions on
coverage are left out below 20 new lines). Coverage predicts detection of faults badly once the size of the suite is given: Inozemtseva and
Holmes 2014, ICSE, 435-445.

Not to be used as a measure of how good the tests are: a line that ran was not necessarily asserted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stageway.arithmetic.changed_lines import Changed, Covered, FileKey, Tally, changed_of, covered_of
from stageway.evidence import (
    Column,
    ColumnHead,
    Estimate,
    Finding,
    Frame,
    Kind,
    Meaning,
    Params,
    Reads,
    ResultTable,
    Warning,
    Words,
    amount,
    joined,
    method,
    param,
    say,
)

LINES, BRANCHES = Words("行", "lines"), Words("个分支", "branches")


@dataclass(frozen=True)
class CoverageParams(Params):
    least_new: int = param(20, help=Words("改动的可执行行少于几行就不评定", "below how many changed lines that can run nothing is judged"), low=1, high=10_000)
    listed: int = param(10, help=Words("表里列出几个文件", "how many files the table lists"), low=1, high=500)


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _exact(name: str, part: int, n: int, counts: Words, label: Words) -> Estimate:
    return Estimate(name, part / n, unit="%", n=n, counts=counts, kind=Kind.EXACT, label=label)


def _estimates(all_code: Tally, new: Tally | None, least: int) -> tuple[Estimate, ...]:
    made = []
    if new is not None and new.lines >= least:
        made.append(_exact("new_lines", new.covered, new.lines, LINES, Words("新代码行覆盖率", "Line coverage of new code")))
    made.append(_exact("lines", all_code.covered, all_code.lines, LINES, Words("行覆盖率", "Line coverage")))
    if all_code.branches:
        made.append(_exact("branches", all_code.taken, all_code.branches, BRANCHES, Words("分支覆盖率", "Branch coverage")))
    return tuple(made)


def _worst(files: Mapping[FileKey, Tally], most: int) -> list[tuple[FileKey, Tally]]:
    return sorted(((key, tally) for key, tally in files.items() if tally.uncovered), key=lambda pair: (-pair[1].uncovered, pair[0]))[:most]


def _table(covered: Covered, changed: Changed | None, judged: Mapping[FileKey, Tally], most: int) -> tuple[ResultTable, ...]:
    rows = []
    for key, _ in _worst(judged, most):
        whole, new = covered.of(key), changed.files.get(key) if changed else None
        news = (new.uncovered if new else 0,) if changed else ()
        rows.append(("/".join(filter(None, key)), *news, whole.uncovered, whole.lines, whole.covered / whole.lines))
    if not rows:
        return ()
    of_new = (ColumnHead("new_uncovered", Words("改动行里未执行", "New lines not run"), decimals=0),) if changed else ()
    heads = (
        ColumnHead("file", Words("文件", "File")),
        *of_new,
        ColumnHead("uncovered", Words("未执行的行", "Lines not run"), decimals=0),
        ColumnHead("lines", Words("可执行的行", "Lines that can run"), decimals=0),
        ColumnHead("share", Words("行覆盖率", "Line coverage"), "%"),
    )
    return (ResultTable("files", Words("未执行的行最多的文件", "Files with most lines that did not run"), heads, tuple(rows)),)


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _part(tally: Tally) -> Words:
    share = amount(tally.covered / tally.lines, "%")
    zh, en = "{share}（{covered}/{lines}行）", "{share} ({covered} of {lines} lines)"
    return say(zh=zh, en=en, share=share, covered=f"{tally.covered:,}", lines=f"{tally.lines:,}")


def _headline(whole: Tally, new: Tally | None) -> Words:
    parts = [] if new is None else [say(zh="新代码覆盖{part}", en="new code is covered at {part}", part=_part(new))]
    parts.append(say(zh="全部代码覆盖{part}", en="all code at {part}" if parts else "all code is covered at {part}", part=_part(whole)))
    if whole.branches:
        zh, en = "分支{share}（{taken}/{branches}）", "branches {share} ({taken} of {branches})"
        parts.append(say(zh=zh, en=en, share=amount(whole.taken / whole.branches, "%"), taken=f"{whole.taken:,}", branches=f"{whole.branches:,}"))
    made = joined(parts, zh="，")
    return Words(made.zh, made.en[0].upper() + made.en[1:])


def _files(worst: list[tuple[FileKey, Tally]]) -> Words:
    each = [say(zh="{name}（{count}行）", en="{name} ({count})", name=key[1], count=f"{tally.uncovered:,}") for key, tally in worst]
    return joined(each)


def _meaning(judged: Tally, worst: list[tuple[FileKey, Tally]], whole: Tally, changed: Changed | None, new: bool) -> Meaning:
    what = Words("改动的", "changed ") if new else Words("", "")
    if not worst:
        says = say(zh="{what}{lines}行可执行代码全部执行过", en="All {what}lines that can run did run ({lines})", what=what, lines=f"{judged.lines:,}")
        then = say(
            zh="覆盖率不再挡住放行；接下来看这{lines}行的用例断言了什么，抽查时先看分支最多的文件",
            en="Coverage is in nobody's way; what to look at now is what the tests assert on these lines ({lines}), the files with most branches first",
            lines=f"{judged.lines:,}",
        )
    else:
        zh = "{what}{lines}行可执行代码里，{open}行没有被任何用例执行过，最多的是{files}"
        en = "Of the {what}lines that can run ({lines}), no test ran {open}; most of them are in {files}"
        says = say(zh=zh, en=en, what=what, lines=f"{judged.lines:,}", open=f"{judged.uncovered:,}", files=_files(worst))
        gained = (judged.covered + sum(tally.uncovered for _, tally in worst)) / judged.lines
        zh = "先给{files}补用例：补齐之后，{what}覆盖率从{now}升到{then}"
        en = "Write tests for {files} first: with these run, coverage of {what}lines rises from {now} to {then}"
        noun = Words("新代码", "changed ") if new else Words("全部代码", "all ")
        now = amount(judged.covered / judged.lines, "%")
        then = say(zh=zh, en=en, files=joined([Words(key[1], key[1]) for key, _ in worst]), what=noun, now=now, then=amount(gained, "%"))
    return Meaning(says, _sure(whole), then, _change(changed, judged))


def _sure(whole: Tally) -> Words:
    if whole.branches:
        zh = "行是逐行数出的，没有抽样误差；但执行过不等于断言过，{branches}个分支里还有{open}个从没走到，那里的错测试看不见"
        en = "Lines were counted one by one, without sampling error; but run is not asserted, and {open} of {branches} branches were never taken: faults there stay unseen"
        return say(zh=zh, en=en, branches=f"{whole.branches:,}", open=f"{whole.branches - whole.taken:,}")
    return Words(
        "行是逐行数出的，没有抽样误差；但执行过不等于断言过，而且报告没有测分支，条件的另一半有没有走到不知道",
        "Lines were counted one by one, without sampling error; but run is not asserted, and branches were not measured: whether the other half of a condition ran is unknown",
    )


def _change(changed: Changed | None, judged: Tally) -> Words:
    if changed is None:
        return Words(
            "没有给出本版改动的行，新代码的覆盖率不知道；给出之后，结论以新代码为准",
            "The changed lines of this version were not given, so coverage of new code is unknown; with them, new code decides",
        )
    return say(
        zh="候选版本再合入改动，{lines}行的分母就变了，要重算；改动文件没有进报告的现有{unknown}个，它们一进来结论也可能变",
        en="Any further merge changes the {lines} lines of the denominator and asks for a new count; changed files missing from the report ({unknown}) may change it too",
        lines=f"{judged.lines:,}",
        unknown=f"{len(changed.unknown):,}",
    )


def _points(whole: Tally, worst_all: list[tuple[FileKey, Tally]], covered: Covered) -> tuple[Words, ...]:
    idle = [key for key in covered.files if not covered.of(key).covered]
    made = []
    if idle:
        zh, en = "{count}个文件一行都没有执行过（共{files}个文件）：{names}", "Files of which not one line ran: {count} of {files}: {names}"
        made.append(say(zh=zh, en=en, count=f"{len(idle):,}", files=f"{len(covered.files):,}", names=_names([key[1] for key in idle])))
    if worst_all and len(worst_all) < sum(covered.of(key).uncovered > 0 for key in covered.files):
        zh, en = "全部代码里未执行的行最多的是{files}，合计占未执行的{share}", "Over all code most lines that did not run are in {files}, together {share} of them"
        made.append(say(zh=zh, en=en, files=_files(worst_all), share=amount(sum(t.uncovered for _, t in worst_all) / whole.uncovered, "%")))
    return tuple(made)


def _names(names: list[str], most: int = 3) -> Words:
    more = len(names) > most
    return Words("、".join(names[:most]) + ("等" if more else ""), ", ".join(names[:most]) + (" and others" if more else ""))


def _warnings(covered: Covered, whole: Tally, changed: Changed | None, least: int) -> tuple[Warning, ...]:
    made = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        made.append(Warning(code, say(zh=zh, en=en, **slots)))

    if changed is None:
        warn("no_changed", "没有给出本版改动的行，新代码覆盖率不给出", "the changed lines of this version are not given: there is no coverage of new code")
    else:
        if (new := changed.all().lines) < least:
            zh = "改动的可执行行只有{lines}行，不足{least}行，新代码覆盖率不评定"
            en = "too few changed lines can run ({lines}, below {least}): coverage of new code is not judged"
            warn("small_change", zh, en, lines=f"{new:,}", least=f"{least:,}")
        if changed.unknown:
            zh = "有{count}个改动的文件不在报告里（{names}），它们的行没有计入；若是要执行的代码，覆盖率被高估"
            en = "changed files that the report does not know ({count}: {names}) are not counted; if they are code that runs, coverage is overstated"
            warn("files_unknown", zh, en, count=f"{len(changed.unknown):,}", names=_names(list(changed.unknown)))
        if changed.ambiguous:
            zh = "有{count}个改动的文件在报告里对得上不止一个文件（{names}），没有计入；请写全路径"
            en = "changed files that fit several files of the report ({count}: {names}) are not counted; give whole paths"
            warn("files_ambiguous", zh, en, count=f"{len(changed.ambiguous):,}", names=_names(list(changed.ambiguous)))
    if not whole.branches:
        warn("branches_unknown", "报告没有测分支，分支覆盖率不知道（不是0%）", "branches were not measured: their coverage is unknown, which is not 0%")
    if covered.repeated:
        zh, en = "有{count}行在数据里重复出现，各按一行计", "lines that stand in the data more than once ({count}) count once each"
        warn("lines_repeated", zh, en, count=f"{covered.repeated:,}")
    if whole.lines < 30:
        zh = "报告里只有{lines}行可执行代码，一行就占{share}；请逐行看，不要看比例"
        en = "few lines can run ({lines}), and one of them is {share}; read them one by one, not the share"
        warn("small_n", zh, en, lines=whole.lines, share=amount(1 / whole.lines, "%"))
    return tuple(made)


def _nothing() -> Finding:
    text = Words("报告里没有一行可执行代码：没有插桩，或报告没有写全", "the report holds no line that can run: nothing was instrumented, or it is not complete")
    meaning = Meaning(
        Words("报告能读，但里面没有一行代码", "The report can be read, but holds no line of code"),
        Words("没有可数的行，因此没有数字", "There is nothing to count, so there are no numbers"),
        Words("关口按“不可评定”处理；请检查插桩范围，再跑一次测试", "The gate takes it as not evaluable; check what is instrumented and run the tests again"),
        Words("报告里出现第一个文件", "The first file in the report"),
    )
    return Finding(Words("没有可执行的行，无法评定", "No line that can run, nothing to judge"), meaning, warnings=(Warning("no_lines", text),))


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Three made-up files of 120 lines, of which some did not run; 45 lines changed."""
    rows, changed = [], []
    for file, share in (("app/reader.py", 0.9), ("app/store.py", 0.75), ("app/speech.py", 0.6)):
        for line in range(1, 41):
            branches = 2 if line % 8 == 0 else None
            ran = bool(rng.random() < share)
            rows.append({"file": file, "line": line, "covered": ran, "branches": branches, "branches_covered": int(ran) if branches else None})
        changed += [{"file": f"src/{file}", "line": line} for line in range(10, 25)]
    return {"lines": Frame.of(rows, "coverage.xml"), "changed": Frame.of(changed, "changed.csv")}


def _changed(table: Frame, covered: Covered) -> Changed:
    files, lines = table["file"].tolist(), table["line"].tolist()
    for i, (file, line) in enumerate(zip(files, lines, strict=True)):
        if file is None:
            raise table.wrong("file", i, Words("文件的路径", "the path of a file"))
        if line != line or line != int(line):
            raise table.wrong("line", i, Words("行号", "the number of a line"))
    return changed_of(covered, [(file, int(line)) for file, line in zip(files, lines, strict=True)])


@method(
    title=Words("覆盖率", "Coverage"),
    question=Words("测试执行了多少代码？改动的代码里又有多少？", "How much of the code, and of the code that changed, did the tests run?"),
    reads_as=Words("先看改动的行，再看全部；没有测的分支是“不知道”，不是0%", "Changed lines first, then all; branches that were not measured are unknown, not 0%"),
    limit=Words("执行过的行不等于断言过；覆盖率高不代表错得少", "A line that ran was not necessarily asserted; high coverage does not mean few faults"),
    formula="lines = lines that ran / lines that can run; new_lines over the changed lines, not judged below 20 (Myers 1979; SonarQube 2025)",
    reads=(
        Reads(
            "lines",
            Words("覆盖率报告，每行代码一条", "the coverage report, one row a line of code"),
            (
                Column("file", "text", Words("文件的路径", "path of the file")),
                Column("line", "number", Words("行号", "number of the line"), low=0),
                Column("covered", "flag", Words("是否执行过", "whether it ran")),
                Column("branches", "number", Words("分支数，未测为空", "number of branches, empty where not measured"), required=False, low=0),
                Column("branches_covered", "number", Words("走到的分支数", "number of branches taken"), required=False, low=0),
                Column("module", "text", Words("模块", "module"), required=False),
            ),
        ),
        Reads(
            "changed",
            Words("本版改动的行，每行一条（由git diff得出）", "the lines that changed in this version, one row each (from git diff)"),
            (
                Column("file", "text", Words("文件的路径", "path of the file")),
                Column("line", "number", Words("行号", "number of the line"), low=0),
            ),
            required=False,
        ),
    ),
    gives=("new_lines", "lines", "branches"),
    params=CoverageParams,
    example=example,
)
def coverage(lines: Frame, changed: Frame | None, *, params: CoverageParams, rng: np.random.Generator) -> Finding:
    covered = covered_of(lines)
    whole = covered.all()
    if not whole.lines:
        return _nothing()
    found = _changed(changed, covered) if changed is not None else None
    judges_new = found is not None and found.all().lines >= params.least_new
    new = found.all() if found is not None and judges_new else None
    tallies = {key: covered.of(key) for key in covered.files}
    judged: Mapping[FileKey, Tally] = found.files if found is not None and judges_new else tallies
    tally = new or whole
    return Finding(
        _headline(whole, new),
        _meaning(tally, _worst(judged, 3), whole, found, judges_new),
        _estimates(whole, new, params.least_new),
        _points(whole, _worst(tallies, 3) if judges_new else [], covered),
        _table(covered, found, judged, params.listed),
        warnings=_warnings(covered, whole, found, params.least_new),
    )
