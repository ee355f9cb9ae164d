"""Reviews in which the words of a codebook occur with known chances, with known stars and a known shift over time; two coders who err at a known rate."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

#: theme: word, share before and after the middle, share of negative texts.
THEMES = {"crash": ("crashes", 0.30, 0.40, 0.7), "price": ("price", 0.20, 0.14, 0.35)}
N, ERR = 300, 0.12


def world(rng: np.random.Generator) -> World:
    rows = []
    for i in range(N):
        late = i >= N // 2
        said = {name: rng.random() < (after if late else before) for name, (_, before, after, _) in THEMES.items()}
        bad = max([THEMES[name][3] for name, there in said.items() if there], default=0.2)
        words = " and ".join(THEMES[name][0] for name, there in said.items() if there) or "fine so far"
        stars = int(rng.choice([1, 2])) if rng.random() < bad else int(rng.choice([3, 4, 5]))
        rows.append({"id": f"T{i}", "text": f"day {words}", "stars": stars, "time": f"2026-{'0612'[2 * late : 2 * late + 2]}-{1 + i % 28:02d}"})
    coders = []
    for i in range(200):
        theme = "crash" if rng.random() < 0.5 else "price"
        other = "price" if theme == "crash" else "crash"
        coders += [{"id": f"T{i}", "coder": who, "theme": other if rng.random() < ERR else theme} for who in ("a", "b")]
    truth: dict[str, float] = {"agreement": (1 - ERR) ** 2 + ERR**2}
    truth["alpha"] = 2 * truth["agreement"] - 1
    for name, (_, before, after, bad) in THEMES.items():
        other = next(t for n, t in THEMES.items() if n != name)
        both = (before * other[1] + after * other[2]) / (before + after)
        wrong = bad if bad > other[3] else bad * (1 - both) + other[3] * both
        truth |= {f"share[{name}]": (before + after) / 2, f"change[{name}]": after - before, f"negative[{name}]": wrong,
                  f"mean_stars[{name}]": 1.5 * wrong + 4 * (1 - wrong)}
    codes = Frame.of([{"theme": name, "words": word} for name, (word, *_) in THEMES.items()])
    return World({"answers": Frame.of(rows), "codes": codes, "coders": Frame.of(coders)}, truth, {"copies": "all"})
