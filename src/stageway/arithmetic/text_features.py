"""What a text is made of: its language, its words, its character n-grams as a weighted vector; which texts copy each other; what is personal.

Grouping goes by characters (Han runs: 1–3-grams; Latin words: 3–4-grams within the word, without stop words), labels by words (jieba for
Chinese): on Chinese reviews of ten known categories that agreed better with the categories than words did.

Sources: Salton & Buckley (1988), Inf. Process. Manage. 24, 513–523 (tf-idf); Deerwester et al. (1990), JASIS 41, 391–407 (latent semantic
analysis); Broder (1997), On the resemblance and containment of documents (shingles, min-hash).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import stop_words

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\d_\u3400-\u9fff]+(?:['’][^\W\d_\u3400-\u9fff]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
#: Texts with at least this share of Han among their letters (a Han character counts as two) are Chinese.
HAN_SHARE = 0.3
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|cn|net|org|io|top|xyz)\b(?:/\S*)?", re.IGNORECASE | re.ASCII)
_ACCOUNT = re.compile(r"((?:微信|wechat|weixin|vx|v信|qq|telegram|whatsapp)(?:号|id)?\s*[:：]?\s*)([a-z0-9_+-]{5,})", re.IGNORECASE | re.ASCII)
_PHONE = re.compile(r"(?<![\d.])\+?\d(?:[ \-()]{0,2}\d){6,18}[xX]?(?![\d.])")
_ADVERT = re.compile(r"加微信|加v信|加vx|加q|刷单|兼职|代购|优惠码|推广码|邀请码|promo code|referral code|earn money|work from home|make money|crypto invest|casino", re.IGNORECASE)


def plain(text: str) -> str:
    """One width of letters, lower case, single blanks: the form in which texts are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").lower().split())


def is_chinese(text: str) -> bool:
    han = 2 * len(_HAN.findall(text))
    letters = sum(char.isalpha() for char in text) - han // 2
    return han > 0 and han >= HAN_SHARE * (han + letters)


def length(text: str) -> int:
    """Han characters and Latin words of a text in `plain` form."""
    return sum(len(run) if _HAN.match(run) else 1 for run in _RUN.findall(text))


def words(text: str) -> list[str]:
    """The words of a text in `plain` form that may name a theme, in order."""
    import rjieba

    found: list[str] = []
    for run in _RUN.findall(text):
        if _HAN.match(run):
            found += [word for word in rjieba.cut(run, True) if word not in stop_words.CHINESE]
        elif len(run) > 1 and run not in stop_words.ENGLISH:
            found.append(run)
    return found


def grams(text: str) -> list[str]:
    """The character n-grams of a text in `plain` form."""
    out: list[str] = []
    for run in _RUN.findall(text):
        if _HAN.match(run):
            sizes: Sequence[int] = (1, 2, 3)
        elif run in stop_words.ENGLISH:
            continue
        else:
            run, sizes = f" {run} ", (3, 4)
        for size in sizes:
            out += [run[i : i + size] for i in range(len(run) - size + 1)]
    return out


def mask(text: str) -> str:
    """The text without e-mail addresses, links, accounts, telephone and identity numbers."""
    made = _LINK.sub("***", _MAIL.sub("***", text))
    made = _ACCOUNT.sub(lambda found: found[1] + "***", made)
    return _PHONE.sub("***", made)


def is_advert(text: str) -> bool:
    """Two of: a link, a way to contact the writer, the words of an advertisement."""
    signs = (_LINK.search(text), _MAIL.search(text) or _ACCOUNT.search(text) or _PHONE.search(text), _ADVERT.search(text))
    return sum(sign is not None for sign in signs) >= 2


def weighted(texts: Sequence[str], least: int = 2, most: float = 0.5) -> Any:
    """Sparse (texts × n-grams): (1 + ln tf) × (1 + ln((1 + n)/(1 + df))), rows of length 1.

    n-grams of fewer than `least` texts or more than the share `most` are left out; a row may then be empty.
    """
    from scipy.sparse import csr_matrix

    counted = [Counter(grams(text)) for text in texts]
    among: Counter[str] = Counter()
    for each in counted:
        among.update(each.keys())
    kept = sorted(gram for gram, df in among.items() if least <= df <= max(most * len(texts), least))
    at = {gram: j for j, gram in enumerate(kept)}
    rows, columns, values = [], [], []
    for i, each in enumerate(counted):
        for gram in sorted(each.keys() & at.keys()):
            rows.append(i)
            columns.append(at[gram])
            values.append(each[gram])
    made = csr_matrix((1 + np.log(np.array(values, dtype=np.float64)), (rows, columns)), shape=(len(texts), len(kept)))
    rare = 1 + np.log((1 + len(texts)) / (1 + np.array([among[gram] for gram in kept], dtype=np.float64)))
    made = made.multiply(rare[None, :]).tocsr()
    norms = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    return csr_matrix(made.multiply(1 / np.maximum(norms, 1e-12)[:, None]))


def embedded(matrix: Any, size: int = 20) -> Array:
    """The rows in the space of the `size` largest singular vectors, scaled to length 1 (rows without any n-gram: 0)."""
    from scipy.sparse.linalg import svds

    room = min(size, min(matrix.shape) - 1)
    if room < 1:
        return np.zeros((matrix.shape[0], 1))
    left, values, _ = svds(matrix, k=room, v0=np.ones(min(matrix.shape)))
    points: Array = left * values
    norms = np.linalg.norm(points, axis=1, keepdims=True)
    made: Array = np.divide(points, norms, out=np.zeros_like(points), where=norms > 1e-9)
    return made


def _hashes(text: str, size: int = 5) -> NDArray[np.uint64]:
    """Hashes of the character shingles of a text, each once."""
    squeezed = np.array([ord(char) for char in text if char.isalnum()], dtype=np.uint64)
    if squeezed.size < size:
        return np.empty(0, dtype=np.uint64)
    made = np.zeros(squeezed.size - size + 1, dtype=np.uint64)
    for i in range(size):
        made = made * np.uint64(1_000_003) + squeezed[i : squeezed.size - size + 1 + i]
    return np.unique(made * np.uint64(0x9E3779B97F4A7C15))


def copies(texts: Sequence[str], alike: float = 0.8) -> Codes:
    """For each text in `plain` form the position of the first that it copies (itself if none): equal, or sharing `alike` of their shingles."""
    first = np.arange(len(texts), dtype=np.int64)
    seen: dict[str, int] = {}
    for i, text in enumerate(texts):
        first[i] = seen.setdefault(text, i)
    shingled = {i: _hashes(texts[i]) for i in sorted(seen.values())}
    shingled = {i: made for i, made in shingled.items() if made.size}
    multipliers = np.random.default_rng(7).integers(1, 2**63, size=24, dtype=np.uint64) | np.uint64(1)
    buckets: dict[tuple[int, bytes], int] = {}
    for i, made in shingled.items():
        signature = (made[:, None] * multipliers).min(axis=0).reshape(-1, 3)
        for band, part in enumerate(signature):
            other = buckets.setdefault((band, part.tobytes()), i)
            if other != i and first[i] == i and first[other] == other and _resemblance(made, shingled[other]) >= alike:
                first[i] = other
    return first[first]


def _resemblance(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    shared = np.intersect1d(a, b, assume_unique=True).size
    return float(shared / (a.size + b.size - shared))
