"""A market of five or six brands in which people tick (or rate) eight attributes; what all buyers think is known."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

DRAWS = 400


def world(rng: np.random.Generator) -> World:
    brands, attributes, n = int(rng.integers(5, 8)), 8, int(rng.integers(150, 301))
    lines = rng.normal(size=(brands, 4)) * np.array([1.0, 0.8, 0.5, 0.35])
    height = rng.normal(0, 0.3, (brands, 1)) + rng.normal(0, 0.4, (1, attributes)) + 0.6 * lines @ rng.normal(size=(4, attributes))
    if rng.random() < 0.5:
        values, deviations, weights = _ticks(height, n, rng)
    else:
        values, deviations, weights = _ratings(height, n, rng)
    sizes = np.linalg.svd(deviations, compute_uv=False) ** 2
    points = weights[:, None] * deviations
    names = ["us", *(f"b{k}" for k in range(1, brands))]
    rows = [{"respondent": f"p{i}", "brand": names[b], "attribute": f"a{j}", "value": float(values[i, b, j])}
            for i in range(n) for b in range(brands) for j in range(attributes)]
    truth = {"inertia_2": float(sizes[:2].sum() / sizes.sum())}
    truth |= {f"distance[{names[b]}]": float(np.linalg.norm(points[0] - points[b])) for b in range(1, brands)}
    return World({"perceptions": Frame.of(rows, "world")}, truth, {"draws": DRAWS})


def _ticks(height: np.ndarray, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Some people tick more than others: the shares of all are an average over them."""
    steps, mass = np.polynomial.hermite.hermgauss(25)
    person = 0.7
    shares = (mass / (1 + np.exp(0.4 - height[..., None] - person * np.sqrt(2) * steps))).sum(axis=-1) / np.sqrt(np.pi)
    ticked = rng.random((n, *height.shape)) < 1 / (1 + np.exp(0.4 - height - rng.normal(0, person, (n, 1, 1))))
    p = shares / shares.sum()
    r, c = p.sum(axis=1, keepdims=True), p.sum(axis=0, keepdims=True)
    return ticked.astype(float), (p - r * c) / np.sqrt(r * c), 1 / np.sqrt(r[:, 0])


def _ratings(height: np.ndarray, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ratings around 4 with a habit of each person; a standard deviation within brands of √(habit² + noise²)."""
    habit, noise = 0.5, 1.0
    values = 4 + height + rng.normal(0, habit, (n, 1, 1)) + rng.normal(0, noise, (n, *height.shape))
    scaled = height / np.hypot(habit, noise)
    root = (len(height) - 1) ** 0.5
    return values, (scaled - scaled.mean(axis=0)) / root, np.full(len(height), root)
