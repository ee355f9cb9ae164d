"""A new product folder: a product file that explains itself, with planned dates, so that the first run already writes a process document."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import yaml

from stageway.evidence import DataError, Lang, ParamError, Where, Words, say
from stageway.folder.survey import working_days
from stageway.process.model import Template
from stageway.process.planning import Product
from stageway.process.product import read_product
from stageway.process.template import load_template

_HEAD = Words(
    """# {title}的产品文件。改这里,再运行 stageway run {folder}。
# 部门、阶段、要求、准则来自模板 {template};不合用的用 adaptations 裁剪,写明理由。
""".replace(",", "，").replace(";", "；"),
    """# The product file of {title}. Change it, then run: stageway run {folder}
# Departments, stages, requirements and criteria come from the template {template}; adapt what does not fit, with a reason.
""",
)

_PEOPLE = Words(
    """people: []
# 每个部门至少写一人，文档里的“某部负责人”就会换成人名：
#   - {{id: chenli, name: {{zh: 陈立, en: Chen Li}}, department: {department}, role: {{zh: 产品经理, en: Product manager}}}}
# 部门有：{departments}
""",
    """people: []
# Name at least one person a department; "the head of …" in the document then becomes a name:
#   - {{id: chenli, name: {{zh: 陈立, en: Chen Li}}, department: {department}, role: {{zh: 产品经理, en: Product manager}}}}
# Departments: {departments}
""",
)

_GOALS = Words(
    """goals: []
# 每个目标写全五项：指标、基线、目标值、期限、来源。metric 指到结论里的数（如 sus.score）；没有基线就写原因。
#   - {{id: O1, name: {{zh: 可用性得分, en: Usability score}}, metric: sus.score, baseline: {{value: 61, n: 20, at: {year}-01, source: {{zh: 旧版, en: old version}}}}, target: ">= 68", by: {by}}}
scope:
  in: []      # 包括什么，如 {{zh: 手机客户端, en: phone apps}}
  out: []     # 不做什么，每项写理由或何时再议，如 {{item: {{zh: 网页版, en: web edition}}, reconsider: {year}-12}}
""",
    """goals: []
# Each goal has all five: metric, baseline, target, date, source. `metric` points to a number of a finding (sus.score); no baseline needs a reason.
#   - {{id: O1, name: {{zh: 可用性得分, en: Usability score}}, metric: sus.score, baseline: {{value: 61, n: 20, at: {year}-01, source: {{zh: 旧版, en: old version}}}}, target: ">= 68", by: {by}}}
scope:
  in: []      # what it covers, such as {{zh: 手机客户端, en: phone apps}}
  out: []     # what it leaves out, each with a reason or a date: {{item: {{zh: 网页版, en: web edition}}, reconsider: {year}-12}}
""",
)

_DATA = Words(
    """datasets: {{}}
# 数据放进 data/，在这里登记，结论就会算出来。列名不同时用 columns 写“我们的列: 文件里的列”：
#   usability: {{path: data/usability.csv, reader: csv, collected: {by}, columns: {{participant: 编号}}}}
""",
    """datasets: {{}}
# Put files into data/ and register them here: the findings are then computed. Where columns are named otherwise, columns says "ours: theirs":
#   usability: {{path: data/usability.csv, reader: csv, collected: {by}, columns: {{participant: id}}}}
""",
)

_STAGES = Words(
    "# 计划日期按模板的工作日数排出（节假日已扣除）；owner 写 people 里的 id。\n",
    "# Planned dates follow the template's working days, holidays taken out; `owner` is an id of people.\n",
)


def new(parent: Path, name: str, *, template: str, lang: Lang, start: date | None = None, today: date) -> Path:
    """Make the folder `name` under `parent`. Raises where the folder exists and is not empty, or the name cannot be a folder's."""
    if not re.fullmatch(r"[\w\-]+(?:\.[\w\-]+)*", name):
        what = say(zh="“{name}”不能作文件夹名", en='"{name}" cannot be the name of a folder', name=name)
        raise ParamError("name_wrong", what, expected=Words("字母、汉字、数字、- 和 _", "letters, digits, - and _"))
    chosen = load_template(template)
    root = parent / name
    if root.exists() and any(root.iterdir()):
        raise DataError(
            "folder_exists",
            say(zh="文件夹已存在且不空", en="the folder exists and is not empty"),
            where=Where(file=str(root)),
            todo=say(zh="换一个名称", en="choose another name"),
        )
    text = product_text(name, chosen, lang, start or today)
    read_product(text, "product.yaml")
    for folder in ("data", "items", "words"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "product.yaml").write_text(text, encoding="utf-8")
    (root / ".gitignore").write_text(".stageway/\nout/\n", encoding="utf-8")
    return root


def product_text(name: str, template: Template, lang: Lang, start: date) -> str:
    """The text of `product.yaml`: valid as it is, with comments that say what to write where."""
    first = template.departments[1] if len(template.departments) > 1 else template.departments[0]
    departments = ", ".join(f"{d.id} {d.name[lang]}" for d in template.departments)
    slots = {
        "title": name,
        "folder": name,
        "template": template.id,
        "department": first.id,
        "departments": departments,
        "year": start.year,
        "by": start.isoformat(),
    }
    id = name if yaml.safe_load(name) == name else f'"{name}"'
    head = (
        f"schema: 1\nproduct:\n  id: {id}\n  name: {{zh: {id}, en: {id}}}\n  template: {template.id}\n  zone: Asia/Shanghai\n  holidays: CN\n"
        f"  document: {{id: {name.upper()}-PO-001}}\n"
    )
    parts = [_HEAD[lang].format(**slots), head, _PEOPLE[lang].format(**slots), _GOALS[lang].format(**slots), _DATA[lang].format(**slots)]
    return "\n".join([*parts, _STAGES[lang] + _stages(template, start)])


def _stages(template: Template, start: date) -> str:
    days = working_days(_bare(template), start)
    lines = ["stages:"]
    begin = days.add(start, 0)
    for stage in template.stages:
        end = days.add(begin, stage.working_days - 1)
        continuous = ", continuous: true" if stage is template.stages[-1] else ""
        lines.append(f"  {stage.id}: {{planned: {{from: {begin}, to: {end}}}{continuous}}}")
        begin = days.add(end, 1)
    return "\n".join(lines) + "\n"


def _bare(template: Template) -> Product:
    text = f"product: {{id: new, name: new, template: {template.id}, holidays: CN}}\n"
    return read_product(text, "product.yaml")[0]
