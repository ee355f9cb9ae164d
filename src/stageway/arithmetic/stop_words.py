"""Words that name no theme: what grammar needs, and what any review says. Our own short lists, for labels and for grouping Latin texts."""

from __future__ import annotations

_EN = """
a about above after again all also always am an and any are aren't as at back be because been before being both but by can can't cannot could couldn't
did didn't do does doesn't doing don't dont done down each else even ever every for from further get gets getting give go goes going got had hadn't has
hasn't have haven't having he her here him his how however i i'd i'll i'm i've if im in into is isn't it it's its itself ive just let like lot made make makes
many may me mine more most much must my myself need needs no nor not now of off on once one only or other our out over own please quite rather really same
say says see she should shouldn't so some still such than that that's the their them then there there's these they they're thing things this those though
through to too try trying u under until up us use used using very want was wasn't way we well were weren't what when where which while who whole why will
with won't would wouldn't yes yet you you're your yours thanks thank hi hello ok okay app apps application good great best nice love bad worst awesome
amazing excellent cool super perfect fine better ur plz pls didnt doesnt cant wont n't ca it'll you've we've ain't
"""
_ZH = """
的 了 是 我 你 他 她 它 我们 你们 他们 在 有 和 与 也 都 就 还 又 很 太 不 没 没有 就是 这 那 这个 那个 这么 那么 这样 那样 什么 怎么 为什么 一个 一下 一次 一点 有点
上 下 中 里 到 给 让 把 被 对 从 向 为 以 及 或 而 但 但是 可是 不过 因为 所以 如果 虽然 然后 而且 并且 还是 或者 以及 已经 还有 没什么 之 其 其他 个 些 次 点 天 啊 呢 吧 吗 呀
哦 哈 哈哈 嗯 唉 呵呵 啦 嘛 得 地 着 过 去 来 会 能 要 可以 可能 应该 需要 想 说 看 用 做 觉得 感觉 真的 真是 真 非常 比较 特别 相当 挺 最 更 再 才 只 只有 好 不错 好的 还可以 可 不能
不是 不会 不要 自己 大家 别人 人 东西 时候 每次 今天 这次 上次 第一次 总体 总之 一直 一样 一般 多 少 大 小 呃 哎 哟 那些 这些 谢谢 希望 请 几 两 三 多少 怎样 如何 起来 出来 一 二 死 行
结果 居然 竟然 根本 完全 实在 确实 反正 毕竟 简直 几乎 都是 也是 还要 不知道 知道 以后 以前 之前 之后 后 前 时 等等 比 像 跟 同 全 各 每 某 该 所 无 非 未 却 便 虽 若 则 且 越 越来越
"""
ENGLISH = frozenset(_EN.split())
CHINESE = frozenset(_ZH.split())
