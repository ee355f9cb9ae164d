"""One small survey as each tool would export it: 12 people, a single choice, a multi-select, NPS, two rated rows, a ranking and a comment."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stageway.readers import Reading

SEXES = ("男", "女")
CHANNELS = ("抖音", "商店,含应用", "朋友")
ROWS = ("界面", "速度")
ITEMS = ("搜索", "支付", "消息")


@dataclass(frozen=True)
class Person:
    id: int
    sex: str
    channels: tuple[str, ...] | None
    said: str
    nps: int
    rates: tuple[int, int]
    order: tuple[str, ...] | None
    comment: str


def people() -> list[Person]:
    """Person 4 was not asked for the ranking, person 7 ticked no channel, every fourth wrote beside "其他"."""
    made = []
    for i in range(1, 13):
        channels = tuple(c for j, c in enumerate(CHANNELS) if (i + j) % 3 != 0) + (("其他",) if i % 4 == 0 else ())
        order = tuple(ITEMS[(i + j) % 3] for j in range(3))
        made.append(Person(i, SEXES[i % 2], None if i == 7 else channels, f"电梯广告{i}" if i % 4 == 0 else "", i % 11, (1 + i % 5, 5 - i % 4), None if i == 4 else order,
                           f"意见{i}，很好\n请“加油”" if i % 2 else f'说得,"多"{i}'))
    return made


def text_of(rows: list[list[Any]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def ranks(person: Person, skipped: Any) -> list[Any]:
    return [skipped] * 3 if person.order is None else [person.order.index(item) + 1 for item in ITEMS]


def wjx_text() -> list[list[Any]]:
    meta = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
    rows: list[list[Any]] = [[*meta, "1、您的性别", "2、您从哪里知道我们？[多选题]", "3、您有多大可能推荐给朋友", "4、请评价—界面", "4、请评价—速度", "5、请排序", "6、您的建议"]]
    for p in people():
        joined = "(空)" if p.channels is None else "┋".join(f"其他〖{p.said}〗" if c == "其他" else c for c in p.channels)
        rows.append([p.id, f"2026/10/{p.id} 9:01:05", f"{p.id}分5秒", "微信", "N/A", f"111.1.0.{p.id}(浙江-杭州)", p.sex, joined, p.nps, *p.rates,
                     "(跳过)" if p.order is None else "→".join(p.order), p.comment])
    return rows


def wjx_code() -> list[list[Any]]:
    rows = [[*wjx_text()[0][:6], "1、您的性别", *[f"第2题({c})" for c in (*CHANNELS, "其他", "电视")], "3、您有多大可能推荐给朋友", "4、(界面)", "4、(速度)",
             *[f"5、({item})" for item in ITEMS], "6、您的建议"]]
    for p, meta in zip(people(), wjx_text()[1:], strict=True):
        ticks = [-2] * 5 if p.channels is None else [int(c in p.channels) for c in (*CHANNELS, "其他", "电视")]
        rows.append([*meta[:6], SEXES.index(p.sex) + 1, *ticks, p.nps, *p.rates, *ranks(p, -3), p.comment])
    return rows


def google_forms() -> list[list[Any]]:
    rows: list[list[Any]] = [["Timestamp", "Email Address", "您的性别", "您从哪里知道我们？", "您有多大可能推荐给朋友", "请评价 [界面]", "请评价 [速度]",
                             *[f"请排序 [第{i}位]" for i in "一二三"], "您的建议"]]
    for p in people():
        joined = ", ".join(p.said if c == "其他" else c for c in p.channels or ())
        rows.append([f"10/{p.id}/2026 21:01:05" if p.id != 12 else "10/13/2026 21:01:05", f"p{p.id}@example.com", p.sex, joined, p.nps, *p.rates, *(p.order or [""] * 3), p.comment])
    return rows


def qualtrics() -> list[list[Any]]:
    names = ["StartDate", "Status", "IPAddress", "Finished", "ResponseId", "Q1", "Q2", "Q2_4_TEXT", "Q3_NPS_GROUP", "Q3", "Q4_1", "Q4_2", "Q5_1", "Q5_2", "Q5_3", "Q6"]
    texts = ["Start Date", "Response Type", "IP Address", "Finished", "Response ID", "您的性别", "您从哪里知道我们？ - Selected Choice", "您从哪里知道我们？ - 其他 - Text",
             "您有多大可能推荐给朋友 - Group", "您有多大可能推荐给朋友", "请评价 - 界面", "请评价 - 速度", *[f"请排序 - {item}" for item in ITEMS], "您的建议"]
    ids = ["startDate", "status", "ipAddress", "finished", "_recordId", "QID1", "QID2", "QID2_4_TEXT", "QID3_NPS_GROUP", "QID3", "QID4_1", "QID4_2", "QID5_1", "QID5_2", "QID5_3", "QID6_TEXT"]
    rows: list[list[Any]] = [names, texts, [json.dumps({"ImportId": each}) for each in ids]]
    rows.append(["2026-10-01 09:00:00", "Survey Preview", "1.1.1.1", "True", "R_0", "男", "抖音", "", "Promoter", 10, 5, 5, 1, 2, 3, "test"])
    for p in people():
        joined = ",".join(p.channels or ())
        rows.append([f"2026-10-{p.id:02} 09:00:05", "IP Address", f"111.1.0.{p.id}", str(p.id != 9), f"R_{p.id}", p.sex, joined, p.said, "", p.nps, *p.rates, *ranks(p, ""), p.comment])
    return rows


def limesurvey() -> list[list[Any]]:
    rows = [["id", "submitdate", "lastpage", "startlanguage", "seed", "ipaddr", "Q1", *[f"Q2[SQ00{i}]" for i in (1, 2, 3)], "Q2[other]", "Q3", "Q4[SQ001]", "Q4[SQ002]",
             *[f"Q5[{i}]" for i in (1, 2, 3)], "Q6"]]
    for p in people():
        ticks = ["Y" if c in (p.channels or ()) else "" for c in CHANNELS]
        places = [f"R{ITEMS.index(item) + 1}" for item in p.order] if p.order else [""] * 3
        rows.append([p.id, "" if p.id == 9 else f"2026-10-{p.id:02} 09:00:05", 6, "zh-Hans", 1000 + p.id, f"111.1.0.{p.id}", f"A{SEXES.index(p.sex) + 1}", *ticks, p.said, p.nps,
                     *[f"A{rate}" for rate in p.rates], *places, p.comment])
    return rows


def surveymonkey() -> list[list[Any]]:
    first = ["RespondentID", "CollectorID", "IP Address", "您的性别", "您从哪里知道我们？", "", "", "", "您有多大可能推荐给朋友", "请评价", "", "请排序", "", "", "您的<b>建议</b>"]
    second = ["", "", "", "Response", *CHANNELS, "其他（请说明）", "Response", *ROWS, *ITEMS, "Open-Ended Response"]
    rows: list[list[Any]] = [first, second]
    for p in people():
        ticks = [c if c in (p.channels or ()) else "" for c in CHANNELS]
        rows.append([7000 + p.id, 1, f"111.1.0.{p.id}", p.sex, *ticks, p.said, p.nps, *p.rates, *ranks(p, ""), p.comment])
    return rows


LAYOUTS = {"wjx": wjx_text, "google_forms": google_forms, "qualtrics": qualtrics, "limesurvey": limesurvey, "surveymonkey": surveymonkey}
#: What a person adds so that the layouts that cannot say it say it: options with commas, and the texts of codes.
ADDED: dict[str, dict[str, Any]] = {
    "google_forms": {"options_of": {"您从哪里知道我们？": list(CHANNELS)}},
    "qualtrics": {"options_of": {"Q2": [*CHANNELS, "其他"]}},
    "limesurvey": {"labels": {"Q1": {"A1": "男", "A2": "女"}, "Q2": {f"SQ00{i}": c for i, c in enumerate(CHANNELS, 1)}, "Q4": {"SQ001": "界面", "SQ002": "速度"},
                              "Q5": {f"R{i}": item for i, item in enumerate(ITEMS, 1)}}, "values": "labels"},
}


def file_of(rows: list[list[Any]], path: Path, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path.write_text(text_of(rows, delimiter), encoding=encoding, newline="")
    return path


def cell(value: Any) -> Any:
    return None if value is None or (isinstance(value, float) and np.isnan(value)) else value


def told(reading: Reading, type: str, of: str = "option") -> dict[str, list[Any]]:
    """The columns of a type by option (or row)."""
    return {entry[of]: [cell(v) for v in reading.frame[entry["column"]].tolist()] for entry in reading.facts["codebook"] if entry["type"] == type and of in entry}


def single(reading: Reading, *names: str) -> list[Any]:
    """The one column whose question, text or name is one of these."""
    found = [entry for entry in reading.facts["codebook"] if {entry["question"], entry["text"], entry["column"]} & set(names) and entry["type"] not in ("multiple", "matrix", "ranking", "meta")]
    entry = next(each for each in found if not each["column"].endswith(".text"))
    labels = entry.get("labels", {})
    return [labels.get(str(v), v) for v in map(cell, reading.frame[entry["column"]].tolist())]
