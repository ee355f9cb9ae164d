"""The classes of buyers by name, what each asks for next, and the words of the life cycle."""

from __future__ import annotations

from stageway.arithmetic.buyer_history import ELEVEN
from stageway.evidence import Words

#: by index of `eight`: id, name
EIGHT: tuple[tuple[str, Words], ...] = (
    ("important_value", Words("重要价值客户", "Important–value")),
    ("important_develop", Words("重要发展客户", "Important–develop")),
    ("important_keep", Words("重要保持客户", "Important–keep")),
    ("important_winback", Words("重要挽留客户", "Important–win back")),
    ("general_value", Words("一般价值客户", "General–value")),
    ("general_develop", Words("一般发展客户", "General–develop")),
    ("general_keep", Words("一般保持客户", "General–keep")),
    ("general_winback", Words("一般挽留客户", "General–win back")),
)
#: where no money is known the first two letters fall away: recency and frequency only
FOUR: tuple[tuple[str, Words], ...] = (
    ("value", Words("价值客户", "Value")),
    ("develop", Words("发展客户", "To develop")),
    ("keep", Words("保持客户", "To keep")),
    ("winback", Words("挽留客户", "To win back")),
)
_WESTERN = {
    "champions": Words("冠军客户", "Champions"), "loyal": Words("忠诚客户", "Loyal"), "potential": Words("潜在忠诚客户", "Potential loyalists"),
    "new": Words("新客户", "New customers"), "promising": Words("有希望的客户", "Promising"), "attention": Words("需要关注的客户", "Need attention"),
    "sleepy": Words("将要沉睡的客户", "About to sleep"), "risk": Words("有流失风险的客户", "At risk"), "lose": Words("不能失去的客户", "Cannot lose them"),
    "hibernating": Words("沉睡客户", "Hibernating"), "lost": Words("已流失客户", "Lost"),
}
WESTERN: tuple[tuple[str, Words], ...] = tuple((id, _WESTERN[id]) for id in ELEVEN)

NEXT: dict[str, Words] = {
    "important_value": Words("专人或专属权益维护，不用折扣；先让他们试新品", "care in person and by privileges, not by discounts; show new things here first"),
    "important_develop": Words("最近买过、单笔大：用关联商品和第二单礼引导复购", "bought lately and much: lead to the next purchase by matching goods"),
    "important_keep": Words("买得多但久未来：本月内主动联系，问清原因再给权益", "bought often and much but long ago: call this month, ask why before offering anything"),
    "important_winback": Words("曾有大额、已久未来：一次高价值召回，无响应就停", "spent much once, long ago: one strong offer, then stop"),
    "general_value": Words("来得勤、花得少：用套装和满额门槛提高单笔金额", "come often and spend little: bundles and thresholds to raise the basket"),
    "general_develop": Words("新近的小额客户：做好首单后的引导，培养第二次购买", "new and small: guide well after the first order towards a second"),
    "general_keep": Words("常客渐远：低成本推送，不派人工", "regulars drifting away: cheap messages, no person's time"),
    "general_winback": Words("不单独投入，随大促一并触达", "no effort of their own; reach them with the big promotions"),
    "value": Words("维护权益，问清他们为什么常来", "keep their privileges and ask why they come"),
    "develop": Words("引导第二次购买", "lead to a second purchase"),
    "keep": Words("本月内主动联系，问清为什么不来了", "call this month and ask why they stay away"),
    "winback": Words("一次召回，无响应就停", "one attempt to win back, then stop"),
    "champions": Words("请他们带新客、试新品，不用折扣", "ask them for referrals and let them try new things; no discounts"),
    "loyal": Words("会员权益与加购", "membership and larger baskets"),
    "potential": Words("趁近期引导下一单", "lead to the next order while it is recent"),
    "new": Words("做好首单后的引导", "guide them well after the first order"),
    "promising": Words("小额权益促第二单", "a small benefit for the second order"),
    "attention": Words("限时权益，把他们拉回常来的节奏", "an offer with an end, back to their old rhythm"),
    "sleepy": Words("推荐热销品，低成本触达", "popular goods at a low cost of contact"),
    "risk": Words("个性化召回，问清原因", "win back in person and ask for the reason"),
    "lose": Words("负责人亲自联系，查清去了哪家", "a call by whoever is in charge: where did they go"),
    "hibernating": Words("随大促触达，看有没有反应", "reach with the big promotions and watch for an answer"),
    "lost": Words("停止花费，只保留退订与合规要求", "spend nothing more"),
}

#: what most classes turn on: the good ones, and the good ones that stay away
BEST = {"eight": ("important_value",), "four": ("value",), "eleven": ("champions", "loyal")}
QUIET = {"eight": ("important_keep", "important_winback"), "four": ("keep",), "eleven": ("risk", "lose")}

LIFE: tuple[tuple[str, Words], ...] = (
    ("new", Words("新客", "New")), ("active", Words("活跃", "Active")), ("silent", Words("沉默", "Silent")), ("lost", Words("流失", "Lost")),
)
