"""What every method keeps to, whoever wrote it. The shelves named in STAGEWAY_SHELVES are held to it as well."""

import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from stageway import catalogue
from stageway.evidence import LANGS, Column, Finding, Frame, Method, ParamError, ParamSpec, StagewayError, Words

Tables = Mapping[str, Frame]
HAN = re.compile(r"[\u4e00-\u9fff]")
SEED = 11


@pytest.fixture(params=list(catalogue.methods()))
def method(request: pytest.FixtureRequest) -> Method:
    return catalogue.get(request.param)


@pytest.fixture
def tables(method: Method) -> Tables:
    return method.example(np.random.default_rng(SEED))


@pytest.fixture
def finding(method: Method, tables: Tables) -> Finding:
    return method.run(tables)


def without_sources(made: Finding) -> Finding:
    assert made.provenance is not None
    return made.with_provenance(replace(made.provenance, sources=()))


def said(made: Finding) -> Iterator[tuple[str, Words]]:
    """Every sentence of a finding with the place where it stands."""
    yield "headline", made.headline
    for part in ("says", "sure", "next", "change"):
        yield f"meaning.{part}", getattr(made.meaning, part)
    for i, point in enumerate(made.points):
        yield f"points[{i}]", point
    for warning in made.warnings:
        yield f"warning {warning.code}", warning.text


def labels(made: Finding) -> Iterator[tuple[str, Words]]:
    for table in made.tables:
        yield f"table {table.name}", table.title
        yield from ((f"column {table.name}.{head.name}", head.label) for head in table.columns)
    for chart in made.charts:
        yield f"chart {chart.name}", chart.title
        yield f"alt {chart.name}", chart.alt


# ── the declaration ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_docstring_asks_a_question_and_names_formula_source_and_limit(method):
    doc = inspect.cleandoc(method.doc)
    assert "?" in doc.partition("\n\n")[0], "the docstring begins with the question"
    assert re.search(r"[=≥≤±÷×]", doc), "the docstring has the formula"
    assert re.search(r"\b(18|19|20)\d\d\b", doc), "the docstring names a source with its year"
    assert re.search(r"\b(Not (to be used )?(for|as)|Do not|When not)\b", doc), "the docstring says when not to use the method"
    assert re.search(r"\b(18|19|20)\d\d\b", method.formula), "the formula that findings carry names its source with the year"


def test_the_declaration_is_whole_in_both_languages(method):
    declared = [method.title, method.question, method.reads_as, method.limit]
    declared += [r.help for r in method.reads] + [r.others for r in method.reads if r.others] + [c.help for r in method.reads for c in r.columns]
    for spec in method.params.specs():
        declared += [spec.help, *(spec.choices or {}).values()]
    for words in declared:
        assert words.zh.strip(), words
        assert words.en.strip(), words
        assert not HAN.search(re.sub(r"“[^”]*”", "", words.en)), f"Han only as a quoted value of the data: {words.en}"
    assert HAN.search(method.question.zh)


def test_tables_and_parameters_have_names_of_their_own_and_reach_the_function(method):
    roles = [r.role for r in method.reads]
    params = [spec.name for spec in method.params.specs()]
    assert len({*roles, *params}) == len(roles) + len(params)
    assert [*roles, "params", "rng"] == list(inspect.signature(method.function).parameters)
    for reads in method.reads:
        names = [column.name for column in reads.columns]
        assert len(names) == len(set(names))


def test_every_default_is_a_value_that_the_parameter_takes(method):
    defaults = method.params()
    for spec in method.params.specs():
        assert method.params.parse({spec.name: spec.default}) == defaults
        if spec.default is not None:
            assert method.params.parse({spec.name: str(spec.default)}) == defaults, "a default written as text, as on the command line"


def refusals(spec: ParamSpec) -> Iterator[tuple[object, str, str]]:
    """Values outside what the parameter takes, with what is expected in Chinese and in English."""
    if spec.choices is not None:
        known = ", ".join(spec.choices)
        yield "no such choice", f"{known} 之一", f"one of {known}"
        return
    both = (f"在 [{spec.low:g}, {spec.high:g}] 之内", f"within [{spec.low:g}, {spec.high:g}]") if None not in (spec.low, spec.high) else None
    if spec.low is not None:
        yield spec.low - 1, *(both or (f"不小于{spec.low:g}的数", f"a number of at least {spec.low:g}"))
    if spec.high is not None:
        yield spec.high + 1, *(both or (f"不大于{spec.high:g}的数", f"a number of at most {spec.high:g}"))


def test_every_limit_is_refused_with_the_whole_sentence(method):
    for spec in method.params.specs():
        for value, zh, en in refusals(spec):
            value = int(value) if isinstance(spec.default, int) and not isinstance(value, str) else value
            with pytest.raises(ParamError) as caught:
                method.params.parse({spec.name: value})
            assert caught.value.sentence("zh") == f"参数“{spec.name}”的值不对。位置：值“{value}”。应为：{zh}。"
            assert caught.value.sentence("en") == f'parameter "{spec.name}" cannot take this value. At value "{value}". Expected {en}.'


def test_a_parameter_that_the_method_does_not_have_is_refused(method):
    with pytest.raises(ParamError, match='there is no parameter "no_such_parameter"'):
        method.params.parse({"no_such_parameter": 1})


def test_every_example_gives_the_tables_and_columns_that_are_declared(method, tables):
    declared = {r.role: r for r in method.reads}
    assert set(tables) <= set(declared)
    for role, reads in declared.items():
        if reads.required:
            assert len(tables[role]) > 1
            assert {c.name for c in reads.columns if c.required} <= set(tables[role].names)


@pytest.mark.parametrize("lang", LANGS)
def test_list_and_show_print_the_declaration(method, lang, monkeypatch):
    from stageway.cli.app import app

    monkeypatch.setenv("STAGEWAY_LANG", lang)
    monkeypatch.setenv("COLUMNS", "400")
    page = CliRunner().invoke(app, ["method", "show", method.id], catch_exceptions=False)
    assert page.exit_code == 0
    for part in (method.id, method.title[lang], method.question[lang], method.limit[lang], *(r.role for r in method.reads), *method.gives):
        assert part in page.output
    for spec in method.params.specs():
        assert f"{spec.name}={spec.default}" in page.output
    listed = CliRunner().invoke(app, ["method", "list"], catch_exceptions=False)
    assert method.question[lang] in listed.output


# ── the example ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_example_runs_and_says_where_it_came_from(method, finding):
    assert finding.provenance is not None
    assert (finding.provenance.method, finding.provenance.formula) == (method.id, method.formula)
    assert set(finding.provenance.params) == {spec.name for spec in method.params.specs()}
    assert finding.estimates


def test_the_same_seed_gives_the_same_bytes(method, finding):
    again = method.run(method.example(np.random.default_rng(SEED)))
    assert again.dumps() == finding.dumps()


def test_json_gives_the_equal_finding_back(finding):
    back = Finding.from_json(json.loads(finding.dumps()))
    assert back == finding
    assert back.dumps() == finding.dumps()


def shuffled(table: Frame, rng: np.random.Generator) -> Frame:
    made = table.take(rng.permutation(len(table)))
    return Frame({name: made[name] for name in rng.permutation(made.names).tolist()}, made.source)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_and_columns_changes_nothing(method, tables, finding, seed):
    rng = np.random.default_rng(seed)
    made = method.run({role: shuffled(table, rng) for role, table in tables.items()})
    assert without_sources(made).dumps() == without_sources(finding).dumps()


def test_columns_that_the_method_does_not_read_change_nothing(method, tables, finding):
    more = {}
    for reads in method.reads:
        if reads.role in tables:
            table = tables[reads.role]
            extra = {} if reads.others is not None else {"zz_note": ["x"] * len(table), "zz_number": np.arange(len(table)) * 1.5}
            more[reads.role] = table.with_columns(**extra)
    assert without_sources(method.run(more)).dumps() == without_sources(finding).dumps()


def test_what_is_given_is_declared_and_what_is_declared_is_given(method, tables, finding):
    """On the example, or under another choice of a parameter, or where an optional table is left out."""
    reached = given(finding)
    assert reached <= set(method.gives)
    for spec in method.params.specs():
        for choice in spec.choices or ():
            if reached < set(method.gives):
                reached |= given_or_none(method, tables, {spec.name: choice})
    stated = method.doc + method.limit.en + method.reads_as.en
    missing = {name for name in method.gives if name not in reached and name.removesuffix("[]") not in stated}
    assert not missing, "declared in gives, neither reached on the example nor spoken of in the docstring"


def given(made: Finding) -> set[str]:
    return {e.name + ("[]" if e.key is not None else "") for e in made.estimates}


def given_or_none(method: Method, tables: Tables, params: Mapping[str, object]) -> set[str]:
    try:
        return given(method.run(tables, params))
    except StagewayError:
        return set()


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_languages_are_filled(finding):
    for place, words in said(finding):
        assert words.zh.strip(), place
        assert words.en.strip(), place
        assert HAN.search(words.zh), (place, words.zh)
        assert not HAN.search(words.en), (place, words.en)
        assert "None" not in words.en + words.zh, (place, words.en)
        assert not re.search(r"\bnan\b", words.en + words.zh), (place, words.en)
    for place, words in labels(finding):
        assert words.zh.strip(), place
        assert words.en.strip(), place
        assert not HAN.search(words.en), (place, words.en)


def numbers(text: str) -> Counter[float]:
    """The numbers of a text as a multiset; 2,845万 and 28.45 million are the same number to the digits that both show."""
    found: Counter[float] = Counter()
    scales = {"万": 1e4, " million": 1e6}
    for digits, scale in re.findall(r"(?<![\d.])(\d[\d,]*(?:\.\d+)?)(万| million)?", text.replace("，", " ")):
        value = float(digits.replace(",", "")) * scales.get(scale, 1)
        found[float(f"{value:.3g}") if scale else value] += 1
    return found


SPELT = {"one": "一", "two": "二两", "three": "三", "four": "四", "five": "五", "six": "六", "seven": "七", "eight": "八", "nine": "九", "ten": "十"}


def spelt(words: Words) -> tuple[set[float], set[float]]:
    """Small numbers that a language writes as a word where the other may have a digit: in the Chinese text, in the English one."""
    zh = {float(i) for i, signs in enumerate(SPELT.values(), 1) if any(sign in words.zh for sign in signs)}
    en = {float(i) for i, word in enumerate(SPELT, 1) if re.search(rf"\b{word}\b", words.en, re.IGNORECASE)}
    return zh, en


def test_both_languages_have_the_same_numbers(finding):
    for place, words in said(finding):
        zh, en = numbers(words.zh), numbers(words.en)
        zh_spelt, en_spelt = spelt(words)
        assert set(zh - en) <= en_spelt, (place, "only in Chinese", zh - en, words)
        assert set(en - zh) <= zh_spelt, (place, "only in English", en - zh, words)


def test_punctuation_is_that_of_the_language(finding):
    for place, words in said(finding):
        plain = re.sub(r"\[[^\[\]]*\]", "", words.zh)  # an interval is written [2,422万, 3,292万]
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]", plain), (place, words.zh)
        assert not re.search(r"[\u4e00-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u4e00-\u9fff]", words.zh), (place, words.zh)
        assert not re.search("[，。；：？！、（）]", words.en), (place, words.en)


def test_no_share_or_mean_is_without_its_n(finding):
    for estimate in finding.estimates:
        assert estimate.n is not None or estimate.kind not in ("share", "mean"), estimate.full_name


# ── charts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_chart_is_valid_and_is_drawn_in_both_languages(finding):
    import altair
    import vl_convert

    for chart in finding.charts:
        for spec in (chart.zh, chart.en):
            altair.Chart.from_dict(dict(spec), validate=True)
            assert "config" not in spec, "a chart has no theme of its own"
            assert "<svg" in vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[])
        assert not HAN.search(json.dumps(dict(chart.en), ensure_ascii=False)), chart.name


# ── data that are too few, alike or missing ───────────────────────────────────────────────────────────────────────────


def outcome(method: Method, tables: Tables) -> Finding | StagewayError:
    """A finding, or an error of the one family; anything else that is raised fails the test."""
    try:
        made = method.run(tables)
    except StagewayError as error:
        refused = error
    else:
        return checked(made)
    assert refused.code
    assert HAN.search(refused.sentence("zh"))
    assert not HAN.search(re.sub(r'"[^"]*"', "", refused.sentence("en"))), refused.sentence("en")
    return refused


def checked(made: Finding) -> Finding:
    assert Finding.from_json(json.loads(made.dumps())) == made
    for place, words in said(made):
        assert words.zh.strip(), place
        assert words.en.strip(), place
        assert not re.search(r"\b(nan|inf|None)\b", words.zh + words.en), (place, words.en)
    return made


def warned(made: Finding | StagewayError) -> bool:
    return isinstance(made, StagewayError) or bool(made.warnings)


def main_table(method: Method) -> str:
    return method.reads[0].role


def test_no_rows_at_all_is_an_error_or_a_warning(method, tables):
    role = main_table(method)
    empty = tables[role].take(np.zeros(len(tables[role]), dtype=bool))
    made = outcome(method, {**tables, role: empty})
    assert warned(made)
    if isinstance(made, Finding):
        assert all(e.kind == "exact" for e in made.estimates), "nothing can be estimated from no rows"


def test_no_rows_in_a_further_table_are_an_error_or_a_finding_that_says_so(method, tables):
    for role, table in tables.items():
        if role != main_table(method):
            assert warned(outcome(method, {**tables, role: table.take(np.zeros(len(table), dtype=bool))})), role


def test_an_optional_table_may_be_absent(method, tables):
    """Where a method needs one of several tables, none of which is required by itself, their absence is said in one sentence."""
    kept = {r.role: tables[r.role] for r in method.reads if r.required and r.role in tables}
    made = outcome(method, kept)
    assert isinstance(made, Finding) or (not kept and made.code == "table_missing")


def test_one_row_is_an_error_or_a_warning(method, tables):
    role = main_table(method)
    assert warned(outcome(method, {**tables, role: tables[role].take(np.array([0]))}))
    assert warned(outcome(method, {role: tables[role].take(np.array([0])), **{r: t.take(np.array([0])) for r, t in tables.items() if r != role}}))


def test_rows_that_are_all_alike_are_an_error_or_a_warning(method, tables):
    """One category in every column but those that name the row."""
    role = main_table(method)
    declared = {c.name: c for c in method.reads[0].columns}
    table = tables[role]
    alike = {}
    for name in table.names:
        keeps = name in declared and declared[name].type in ("id", "time")
        alike[name] = table[name] if keeps else np.repeat(table[name][:1], len(table))
    assert warned(outcome(method, {**tables, role: Frame(alike, table.source)}))


def blank(table: Frame, column: Column | str) -> Frame:
    name = column if isinstance(column, str) else column.name
    return table.with_columns(**{name: [None] * len(table)})


def test_a_column_without_a_single_value_never_gives_a_number_in_silence(method, tables):
    for reads in method.reads:
        table = tables.get(reads.role)
        for column in reads.columns if table is not None else ():
            if column.name in table:
                made = outcome(method, {**tables, reads.role: blank(table, column)})
                if column.required and column.type not in ("id",):
                    assert warned(made), f"{reads.role}.{column.name} holds nothing, and neither an error nor a warning says so"


def test_a_table_without_a_single_value_is_an_error_or_a_warning(method, tables):
    role = main_table(method)
    table = tables[role]
    assert warned(outcome(method, {**tables, role: Frame({name: [None] * len(table) for name in table.names}, table.source)}))


def test_a_required_column_that_is_missing_is_named(method, tables):
    for reads in method.reads:
        for column in reads.columns:
            if column.required and reads.role in tables:
                table = tables[reads.role]
                lacking = Frame({name: table[name] for name in table.names if name != column.name}, "answers.csv")
                with pytest.raises(StagewayError) as caught:
                    method.run({**tables, reads.role: lacking})
                assert caught.value.code == "column_missing"
                assert f'method {method.id} needs the column "{column.name}"' in caught.value.sentence("en")
                assert "answers.csv" in caught.value.sentence("zh")
