"""One table of states: shape, colour family, plain character, word. No state borrows another's shape."""

from __future__ import annotations

from dataclasses import dataclass

from stageway.evidence import Words


@dataclass(frozen=True, slots=True)
class Look:
    shape: str
    family: str
    plain: str
    word: Words


#: Gates and decisions are diamonds, verdicts a circle, square, split circle or broken ring.
STATES: dict[str, Look] = {
    "todo": Look("g-todo", "void", "◇", Words("未开始", "not started")),
    "review": Look("g-review", "accent", "◈", Words("评审中", "in review")),
    "go": Look("g-pass", "pass", "◆", Words("通过", "go")),
    "conditional": Look("g-cond", "cond", "⬖", Words("有条件通过", "conditional go")),
    "hold": Look("g-hold", "cond", "‖", Words("暂缓", "hold")),
    "recycle": Look("g-back", "cond", "↺", Words("退回", "recycle")),
    "kill": Look("g-kill", "fail", "✖", Words("终止", "kill")),
    "pass": Look("v-pass", "pass", "●", Words("通过", "pass")),
    "fail": Look("v-fail", "fail", "☒", Words("不通过", "fail")),
    "undecided": Look("v-undec", "undec", "◑", Words("未定", "undecided")),
    "not_evaluable": Look("v-void", "void", "⊝", Words("不可评定", "not evaluable")),
    "met": Look("v-pass", "pass", "●", Words("达到", "met")),
    "not_met": Look("v-open", "accent", "◔", Words("未达到", "not met")),
    "goal_undecided": Look("v-undec", "undec", "◑", Words("未定", "undecided")),
    "goal_not_started": Look("v-todo", "void", "◌", Words("未开始", "not started")),
    "done": Look("v-pass", "pass", "●", Words("完成", "done")),
    "overdue": Look("v-fail", "fail", "☒", Words("逾期", "overdue")),
    "in_progress": Look("v-open", "accent", "◔", Words("进行中", "in progress")),
    "not_begun": Look("v-todo", "void", "◌", Words("未开始", "not started")),
}

#: word, mark, ground of each family, the light theme of the tokens
FAMILIES: dict[str, tuple[str, str, str]] = {
    "accent": ("#1661ab", "#1661ab", "#e7f0f9"),
    "pass": ("#12684a", "#1d8a62", "#e2f2ea"),
    "fail": ("#ad2a17", "#c8371f", "#fbe9e5"),
    "cond": ("#7a5000", "#b0740a", "#faefd8"),
    "undec": ("#632267", "#752870", "#f6ebf5"),
    "void": ("#565e63", "#7a8387", "#eef0f0"),
}
