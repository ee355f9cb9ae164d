"""Public reviews of the three rivals in the practice product's world, and how two people of the team sorted some of them."""

from __future__ import annotations

import numpy as np

from stageway.practice.world import Row

#: theme → how often a review speaks of it, its usual stars, the words that give it away, and ways to say it
THEMES: dict[str, tuple[float, float, str, tuple[str, ...]]] = {
    "ads_in_text": (0.26, 1.6, "广告,弹窗", ("翻几页就弹出一个广告", "正文里的广告关都关不掉", "弹窗太多，刚看进去就被打断", "充了会员还有广告")),
    "not_finished": (0.20, 2.6, "读不完,没读完,读完", ("书存了一堆，一本都没读完", "每次都从头看，总是读不完", "章节太长，一趟车读不完")),
    "own_files": (0.16, 2.2, "导入,自己的书", ("自己的书导入以后目录全乱", "导入PDF要等半天", "想看自己的书，找不到导入在哪")),
    "many_books": (0.17, 4.5, "书多,书很全,找得到", ("书多，想看的都找得到", "书很全，更新也快", "冷门的书也找得到")),
    "night_glare": (0.11, 2.7, "刺眼,夜间,行距", ("夜间模式还是刺眼", "行距太挤，晚上看着累", "夜间亮度每次都要重调")),
    "lost_notes": (0.10, 2.3, "笔记,划线", ("笔记导不出来", "换了手机笔记全没了", "划线的内容找不回来")),
}
OPENINGS = ("用了{n}天，", "看到第{n}章，", "用了{n}周，朋友推荐来的，", "通勤{n}站，", "评{n}次了，", "")
ENDINGS = ("，希望改进", "，就看这点了", "，唉", "，先这样", "。", "")
#: reviews that two people sorted, and the chance that one of them sorts a review into another theme
SORTED, SLIP = 120, 0.014


def reviews(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a review: one theme for most, a second for some, with stars that follow the first."""
    names = list(THEMES)
    chances = np.array([often for often, *_ in THEMES.values()])
    rows: list[Row] = []
    for i in range(n):
        first, second = rng.choice(len(names), 2, replace=False, p=chances / chances.sum()).tolist()
        said = [_said(names[first], rng)] + ([_said(names[second], rng)] if rng.random() < 0.2 else [])
        opening = OPENINGS[int(rng.integers(len(OPENINGS)))].format(n=int(rng.integers(2, 60)))
        text = f"{opening}{'，'.join(said)}{ENDINGS[int(rng.integers(len(ENDINGS)))]}"
        stars = int(np.clip(np.rint(THEMES[names[first]][1] + 0.8 * rng.standard_normal()), 1, 5))
        rows.append({"id": f"RW-{i + 1:04d}", "source": ("墨页", "快阅", "听川")[int(rng.integers(3))], "stars": stars, "text": text, "theme": names[first]})
    return rows


def _said(theme: str, rng: np.random.Generator) -> str:
    ways = THEMES[theme][3]
    return ways[int(rng.integers(len(ways)))]


def codebook() -> list[Row]:
    return [{"theme": theme, "words": words} for theme, (_, _, words, _) in THEMES.items()]


def coded(listed: list[Row], rng: np.random.Generator) -> list[Row]:
    """The first SORTED reviews, each by two people on their own."""
    names = list(THEMES)
    rows: list[Row] = []
    for row in listed[:SORTED]:
        for coder in ("sunning", "linyue"):
            slips = rng.random() < SLIP
            rows.append({"id": row["id"], "coder": coder, "theme": names[int(rng.integers(len(names)))] if slips else row["theme"]})
    return rows
