"""Sentence patterns in both languages, named by what they say; slots are filled by `Pen.fill`, the same slots in both."""

from __future__ import annotations

from stageway.evidence import Words
from stageway.process.model import Ask
from stageway.process.record import Choice

CHOICE = {
    Choice.GO: Words("通过", "go"),
    Choice.CONDITIONAL: Words("有条件通过", "conditional go"),
    Choice.HOLD: Words("暂缓", "hold"),
    Choice.RECYCLE: Words("退回", "recycle"),
    Choice.KILL: Words("终止", "kill"),
}
ASK = {Ask.MUST: Words("必须", "must"), Ask.SHOULD: Words("应当", "should"), Ask.STOP: Words("终止条件", "stop")}

# ── the summary in one sentence ───────────────────────────────────────────────────────────────────────────────────────
ON_TRACK = Words(
    "{product}按期可在{at}{what}，前提是{missing}在{by}前办结。", "{product} reaches {what} on {at} as planned, provided that {missing} is settled by {by}."
)
CLEAR = Words(
    "{product}按期可在{at}{what}；{stage}没有未通过的必须准则。", "{product} reaches {what} on {at} as planned; no must criterion of {stage} is short."
)
LATE = Words(
    "{product}预计{at}{what}，比计划晚{days}个工作日，原因是{because}；还缺{missing}。",
    "{product} is now expected to reach {what} on {at}, {days} working days late, because of {because}; still missing: {missing}.",
)
BLOCKED = Words("{product}今天不能{what}：{missing}。", "{product} cannot reach {what} today: {missing}.")
RUNNING = Words("{product}已于{at}{what}；{stage}还缺{missing}。", "{product} reached {what} on {at}; {stage} still lacks {missing}.")
RUNNING_CLEAR = Words("{product}已于{at}{what}；{stage}没有未通过的必须准则。", "{product} reached {what} on {at}; no must criterion of {stage} is short.")
UNDATED = Words(
    "{product}处在{stage}，还缺{missing}；上线日待定，由{who}写入产品文件（product.yaml）。",
    "{product} is in {stage} and lacks {missing}; the launch date is open, {who} enters it in product.yaml.",
)
STOPPED = Words("{product}已由{id}终止：{because}", "{product} was stopped by {id}: {because}")

# ── goals ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
NO_BASELINE = Words("无：{because}", "none: {because}")

# ── a criterion and what it saw ───────────────────────────────────────────────────────────────────────────────────────
UNDECIDED = Words(
    "区间跨在{threshold}两边；若真值就是{value}，约需{n}{counts}才能判定，还差约{more}，{who}于{by}前补齐。",
    "The interval lies on both sides of {threshold}; if {value} is the truth, about {n}{counts} would decide, "
    "some {more} more than we have; {who} collects them by {by}.",
)
UNDECIDED_HERE = Words(
    "区间跨在{threshold}两边；若真值就是{value}，约需{n}{counts}才能判定。",
    "The interval lies on both sides of {threshold}; if {value} is the truth, about {n}{counts} would decide.",
)
TOO_CLOSE = Words(
    "{value}与{threshold}相差太小，补样判不出来；改门槛或改测法。",
    "{value} is too close to {threshold} for more observations to tell; change the threshold or the measurement.",
)
NEEDS = Words("约需{n}{counts}", "needs about {n}{counts}")
CAN_JUDGE = Words("{date}可判", "can be judged on {date}")

# ── the gate ──────────────────────────────────────────────────────────────────────────────────────────────────────────
RECOMMEND_MISSING = Words("欠缺：{items}", "Missing: {items}")
RECOMMEND_MISSING_BY = Words("欠缺，均须在{by}前补齐：{items}", "Missing, all due by {by}: {items}")
RECOMMEND_THEN = Words("都通过后建议改为{choice}", "once all pass: {choice}")
CONDITION = Words("{owner}于{by}前{action}；否则{otherwise}", "{owner}: {action} by {by}; otherwise {otherwise}")
RECYCLED = Words("退回至{stage}，做{round}；{before}的记录保留。", "Back to {stage} for {round}; the record of {before} is kept.")
DIFFERS = Words("与系统建议（{choice}）不同。", "It departs from the recommendation ({choice}).")
NOT_DECIDED = Words("尚无，{who}于{by}前提交{gate}的决定。", "None yet: {who} decides {gate} by {by}.")
EXPIRED = Words(
    "{id}之后证据有变，批准失效：{changed}。由{who}重新决定。",
    "The evidence has changed since {id}, so the approval has expired: {changed}. {who} decides again.",
)

# ── whatever is not there ─────────────────────────────────────────────────────────────────────────────────────────────
OVERDUE = Words("逾期{n}个工作日未交：{who}，{what}（期限{by}）。", "Overdue by {n} working days: {who}, {what} (due {by}).")
NONE_YET = Words("尚无，{who}于{by}前提交{what}。", "None yet: {who} delivers {what} by {by}.")
RISK = Words("触发：{trigger}；应对：{response}，责任人{owner}", "Trigger: {trigger}. Response: {response}; {owner}")
RETURNED = Words("退回{n}次（{because}）", "returned {n}× ({because})")
