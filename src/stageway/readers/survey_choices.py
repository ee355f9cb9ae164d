"""From the parts of one question to its columns: multi-select, rankings, matrices and single answers, told apart by their cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

from stageway.evidence import Warning, say
from stageway.readers.survey import NUMBER, Answer, Cell, Gap, Part, Settings, answered, named, numeric, plain, value_of

YES = frozenset({"1", "y", "yes", "true", "checked", "selected", "ticked", "quoted", "是", "选中", "已选", "√", "✓", "x"})
NO = frozenset({"0", "n", "no", "false", "unchecked", "not selected", "unselected", "not quoted", "否", "未选中", "未选", "没选"})
OTHER = re.compile(r"(其他|其它|other)\b.*|(其他|其它).*", re.IGNORECASE)
#: 其他〖朋友推荐〗: an option with what was written beside it.
WRITTEN = re.compile(r"(?P<option>[^〖]+)〖(?P<text>.*)〗|(?P<other>其他|其它|[Oo]ther)\s*[【\[{(（](?P<said>.*)[】\]})）]", re.DOTALL)
POSITION = re.compile(r"第\s*([一二三四五六七八九十]|\d{1,2})\s*(位|名|选择)?|(rank|choice|#|no\.?|位置)?\s*(\d{1,2})(st|nd|rd|th)?( choice| place)?", re.IGNORECASE)
DIGITS = {han: i for i, han in enumerate("一二三四五六七八九十", start=1)}
RANK = re.compile(r"排序|排名|排列|rank|order of (preference|importance)", re.IGNORECASE)
SCALE = re.compile(r"满意|评价|评分|打分|程度|同意|重要|rate\b|rating|satisf|agree|important|how (likely|easy|often)", re.IGNORECASE)
LIKELY = re.compile(r"推荐.*(可能|意愿|程度)|可能.*推荐|愿意.*推荐|recommend|\bnps\b", re.IGNORECASE)
SAID = re.compile(r"建议|意见|为什么|原因是|说明|看法|comment|suggest|feedback|why\b|please (specify|explain|describe)|tell us", re.IGNORECASE)
TIME = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
MOST_OPTIONS = 30


def answers(parts: Sequence[Part], settings: Settings) -> tuple[list[Answer], list[Warning]]:
    """The columns of all questions, in the order of the file; parts of one question that follow each other belong together."""
    made: list[Answer] = []
    warnings: list[Warning] = []
    for _, grouped in groupby(parts, key=lambda part: part.question):
        group = list(grouped)
        if len(group) == 1 and not group[0].sub:
            made += _alone(group[0], settings, warnings)
        else:
            made += _together(group, settings.labels.get(group[0].question, {}))
    return made, warnings


def entry(part: Part, kind: str, **more: Any) -> dict[str, Any]:
    return {"question": part.question, "text": plain(part.text), "type": kind, "header": part.header, **part.facts, **more}


# ── one column ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _alone(part: Part, settings: Settings, warnings: list[Warning]) -> list[Answer]:
    keys = {part.question, part.header, plain(part.text)}
    known = next((settings.options_of[key] for key in keys if key in settings.options_of), part.options)
    if part.ranked and any(isinstance(cell, str) and part.ranked in cell for cell in part.cells):
        return _in_order(part)
    forced = bool(keys & set(settings.multiple)) or bool(known) or part.type == "multiple"
    if part.separators and not keys & set(settings.single) and part.type in (None, "multiple"):
        present = [each for each in part.separators if any(each in cell for cell in answered(part.cells))]
        found = (present or part.separators) if forced else [each for each in present if _listed(part.cells, each)]
        if found:
            return _flags(part, found[0], known, warnings)
    cells, written = _written(part.cells)
    made = [Answer(plain(part.question), cells, entry(part, part.type or type_of(cells, part.text)))]
    if any(isinstance(text, str) for text in written):
        made.append(Answer(f"{plain(part.question)}.text", written, entry(part, "text")))
    return made


def type_of(cells: Sequence[Cell], text: str) -> str:
    """What a column with one answer a person holds: nps, rating, number, time, text or single."""
    given = answered(cells)
    if not given:
        return "text"
    different = set(given)
    if numeric(different):
        numbers = {float(value_of(cell)) for cell in different}
        whole = all(number == int(number) for number in numbers)
        if whole and min(numbers) >= 0 and max(numbers) <= 10 and LIKELY.search(text):
            return "nps"
        return "rating" if whole and min(numbers) >= 0 and max(numbers) <= 10 and len(numbers) <= 11 else "number"
    if all(TIME.fullmatch(cell) for cell in different):
        return "time"
    if SAID.search(text) or any("\n" in cell or len(cell) > 120 for cell in different):
        return "text"
    return "single" if len(different) <= MOST_OPTIONS and (len(different) <= max(2, len(given) / 2)) else "text"


def _written(cells: Sequence[Cell]) -> tuple[list[Cell], list[Cell]]:
    """Answers without what was written beside them, and that apart."""
    plain_cells: list[Cell] = []
    written: list[Cell] = []
    for cell in cells:
        option, text = _cut(cell) if isinstance(cell, str) else (cell, "")
        plain_cells.append(option)
        written.append(text if isinstance(text, str) and text else Gap.EMPTY)
    return plain_cells, written


def _cut(cell: str) -> tuple[str, str]:
    found = WRITTEN.fullmatch(cell)
    if found is None:
        return cell, ""
    return (found["option"] or found["other"]).strip(), (found["text"] if found["text"] is not None else found["said"]).strip()


def _listed(cells: Sequence[Cell], separator: str) -> bool:
    """Whether a column holds lists: its pieces are fewer than the different cells that they make, and come back in other company."""
    given = answered(cells)
    if not any(separator in cell for cell in given):
        return False
    if separator == "┋":
        return True
    if any("\n" in cell or len(cell) > 400 for cell in given):
        return False
    pieces = Counter(piece for cell in given for piece in _pieces(cell, separator))
    often = {piece for piece, count in pieces.items() if count > 1}
    company = len(pieces) <= MOST_OPTIONS and len(often) >= 2 and sum(pieces[piece] for piece in often) >= 0.8 * sum(pieces.values())
    return company and (len(set(given)) > len(pieces) or separator == ";")


def _pieces(cell: str, separator: str) -> list[str]:
    return [piece.strip() for piece in cell.split(separator) if piece.strip()]


def _flags(part: Part, separator: str, known: Sequence[str], warnings: list[Warning]) -> list[Answer]:
    """A joined cell as flags. With `known` options the rest of a cell is what was written; without, rare pieces are, once there are many."""
    chosen: list[list[tuple[str, str]] | Gap] = []
    for cell in part.cells:
        chosen.append(cell if isinstance(cell, Gap) else [_cut(piece) for piece in split_by(cell, separator, known)])
    counts = Counter(option for each in chosen if not isinstance(each, Gap) for option, _ in each)
    listed = list(known) or [option for option, _ in sorted(counts.items(), key=lambda pair: -pair[1])]
    other = next((option for option in listed if OTHER.fullmatch(option)), "其他" if any("一" <= c <= "鿿" for c in part.text) else "Other")
    if not known and len(listed) > MOST_OPTIONS:
        listed = [option for option in listed if counts[option] > 1][:MOST_OPTIONS]
    rest = [option for option in counts if option not in listed]
    if rest and other not in listed:
        listed.append(other)
    made, written = [], [Gap.EMPTY if isinstance(each, Gap) else _said(each, listed) or Gap.EMPTY for each in chosen]
    for option in listed:
        wanted = {option, *rest} if option == other else {option}
        values = [each if isinstance(each, Gap) else int(any(name in wanted for name, _ in each)) for each in chosen]
        made.append(Answer(named(plain(part.question), option), values, entry(part, "multiple", option=option)))
    if any(isinstance(text, str) for text in written):
        made.append(Answer(f"{named(plain(part.question), other)}.text", written, entry(part, "text")))
    if separator.strip() == "," and not known and (pair := _inseparable(chosen)):
        warnings.append(Warning("options_with_commas", say(
            zh="“{q}”里“{a}”和“{b}”总在一起，可能是一个含逗号的选项；请在 options_of 里列出这题的选项",
            en="in “{q}”, “{a}” and “{b}” always come together and may be one option with a comma: list the options of the question under options_of",
            q=part.question, a=pair[0], b=pair[1])))
    return made


def _said(each: Sequence[tuple[str, str]], listed: Sequence[str]) -> str:
    return "; ".join([text for _, text in each if text] + [option for option, _ in each if option not in listed])


def split_by(cell: str, separator: str, known: Sequence[str]) -> list[str]:
    """The pieces of a joined cell. Known options are taken whole, the longest first, so that one may hold the separator."""
    if not known:
        return _pieces(cell, separator)
    made: list[str] = []
    mark = separator.strip() or separator
    rest, order = cell.strip(), sorted(known, key=len, reverse=True)
    while rest:
        option = next((each for each in order if rest == each or rest.startswith((each + mark, each + "〖"))), None)
        end = rest.find(mark) if option is None else rest.find(mark, len(option))
        if option is None and all(rest.find(mark + each) < 0 and rest.find(f"{mark} {each}") < 0 for each in order):
            end = -1
        made.append((rest if end < 0 else rest[:end]).strip())
        rest = "" if end < 0 else rest[end + len(mark) :].strip()
    return [piece for piece in made if piece]


def _inseparable(chosen: Iterable[list[tuple[str, str]] | Gap]) -> tuple[str, str] | None:
    """Two pieces that stand next to each other wherever either stands, at least three times."""
    alone: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for each in chosen:
        if not isinstance(each, Gap):
            names = [option for option, _ in each]
            alone.update(names)
            pairs.update(pairwise(names))
    return next(((a, b) for (a, b), n in sorted(pairs.items()) if n >= 3 and alone[a] == n == alone[b]), None)


def _in_order(part: Part) -> list[Answer]:
    """搜索→支付→消息: the options in their order, as a rank each; an option that was not ranked has none."""
    orders = [cell if isinstance(cell, Gap) else [_cut(piece)[0] for piece in _pieces(cell, part.ranked)] for cell in part.cells]
    listed = list(dict.fromkeys(option for order in orders if not isinstance(order, Gap) for option in sorted(order)))
    return [Answer(named(plain(part.question), option),
                   [order if isinstance(order, Gap) else order.index(option) + 1 if option in order else Gap.EMPTY for order in orders],
                   entry(part, "ranking", option=option)) for option in listed]


# ── several columns ───────────────────────────────────────────────────────────────────────────────────────────────────


def _together(group: list[Part], labels: Mapping[str, str]) -> list[Answer]:
    if group[0].type == "meta":
        return [Answer(plain(part.question), part.cells, entry(part, "meta")) for part in group]
    said = [part for part in group if part.type == "text"]
    asked = [part for part in group if part.type != "text"]
    made = []
    if asked:
        rated = [part for part in asked if not _is_comment(part, asked)]
        comments = [part for part in asked if part not in rated]
        if _is_multiple(rated):
            made = _ticked(rated, comments)
        elif placed := _placed(rated, labels):
            made = placed + [_text(part) for part in comments]
        else:
            kind = "ranking" if _is_ranking(rated) else "matrix"
            extra = [{"option": part.sub} if kind == "ranking" else {"row": part.sub} for part in rated]
            made = [Answer(_column_name(part), part.cells, entry(part, kind, **more)) for part, more in zip(rated, extra, strict=True)]
            made += [_text(part) for part in comments]
    return made + [_text(part) for part in said]


def _column_name(part: Part) -> str:
    return named(plain(part.question), plain(part.sub)) if part.sub else plain(part.question)


def _text(part: Part) -> Answer:
    return Answer(f"{_column_name(part)}.text", part.cells, entry(part, "text"))


def _is_comment(part: Part, group: Sequence[Part]) -> bool:
    """Whether an "other" holds what people wrote, not a tick of it."""
    given = {cell.lower() for cell in answered(part.cells)}
    if not OTHER.fullmatch(part.sub) or len(group) < 2 or given <= YES | NO or given <= {part.sub.lower()}:
        return False
    return not numeric(given) and _is_multiple([each for each in group if each is not part])


def _is_multiple(group: Sequence[Part]) -> bool:
    """Whether every column holds ticks: yes or no in words or numbers, or one text of its own."""
    if not group or any(part.type not in (None, "multiple") for part in group):
        return False
    given = [{cell for cell in answered(part.cells) if cell.lower() not in NO} for part in group]
    if any(len(each) > 1 for each in given):
        return all({cell.lower() for cell in each} <= YES for each in given)
    texts = [next(iter(each)) for each in given if each]
    if not texts:
        return any(answered(part.cells) for part in group) or any(part.type == "multiple" for part in group)
    if all(text.lower() in YES for text in texts):
        return True
    own = [plain(next(iter(each))) == plain(part.sub) for each, part in zip(given, group, strict=True) if each]
    if all(own) or sum(own) > len(own) / 2:
        return True
    enough = min((len(answered(part.cells)) for part, each in zip(group, given, strict=True) if each), default=0) >= 3
    return len(set(texts)) == len(texts) and len(group) > 1 and enough


def _ticked(group: Sequence[Part], comments: Sequence[Part]) -> list[Answer]:
    """Flags. Where the file marks ticks only, a blank is 0 for those who ticked something, and unknown for those who ticked nothing."""
    every = [*group, *comments]
    says_no = any(isinstance(cell, str) and cell.lower() in NO for part in group for cell in part.cells)
    rows = range(len(group[0].cells))
    touched = [any(isinstance(part.cells[i], str) for part in every) for i in rows]
    made = []
    for part in every:
        values: list[Any] = []
        for i in rows:
            cell = part.cells[i]
            if isinstance(cell, str):
                values.append(int(cell.lower() not in NO))
            else:
                values.append(0 if cell is Gap.EMPTY and touched[i] and (not says_no or part in comments) else cell)
        made.append(Answer(_column_name(part), values, entry(part, "multiple", option=plain(part.sub))))
    return made + [_text(part) for part in comments]


def _is_ranking(group: Sequence[Part]) -> bool:
    """Whether each person's numbers are 1, 2, 3 … without a repetition; with fewer than ten people the question must say so too."""
    rows = _rows(group)
    if len(group) < 2 or not rows or not all(numeric(row) for row in rows):
        return False
    ranks = [sorted(float(value_of(cell)) for cell in row) for row in rows]
    orderly = all(row == [float(i) for i in range(1, len(row) + 1)] for row in ranks) and any(len(row) > 1 for row in ranks)
    if RANK.search(group[0].text):
        return orderly or all(len(set(row)) == len(row) and row[0] >= 1 and row[-1] <= len(group) for row in ranks)
    return orderly and len(rows) >= 10


def _rows(group: Sequence[Part]) -> list[list[str]]:
    return [given for row in zip(*(part.cells for part in group), strict=True) if (given := answered(row))]


def _placed(group: Sequence[Part], labels: Mapping[str, str]) -> list[Answer]:
    """A ranking whose columns are the places (第1位) and whose cells are the options: turned into a rank for each option."""
    places = [place_of(part.sub) for part in group]
    rows = _rows(group)
    if len(group) < 2 or None in places or len(set(places)) != len(places) or not rows or any(NUMBER.fullmatch(cell) for row in rows for cell in row):
        return []
    if not all(len(set(row)) == len(row) for row in rows):
        return []
    listed = list(dict.fromkeys(cell for row in rows for cell in sorted(row)))
    made = []
    for option in listed:
        values: list[Any] = []
        for i in range(len(group[0].cells)):
            row = [part.cells[i] for part in group]
            place = next((place for place, cell in zip(places, row, strict=True) if cell == option), None)
            values.append(place if place is not None else row[0] if isinstance(row[0], Gap) else Gap.EMPTY)
        label = labels.get(option, option)
        made.append(Answer(named(plain(group[0].question), label), values, entry(group[0], "ranking", option=label)))
    return made


def place_of(sub: str) -> int | None:
    found = POSITION.fullmatch(sub.strip())
    if found is None:
        return None
    written = found[1] or found[4]
    return DIGITS.get(written) or int(written)
