"""Write what was computed: findings.json and the process document in each language and format. Half-written files never stay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import stageway
from stageway.evidence import LANGS, Lang
from stageway.folder.cache import Cache, key_of
from stageway.process.dossier import Dossier
from stageway.process.rows import verdict_to_json

SCHEMA = "stageway/findings/1"
FORMATS = ("html", "md", "docx", "pdf")


def results(dossier: Dossier) -> dict[str, Any]:
    """The content of `findings.json`: all findings, verdicts, gates and goals at one moment."""
    return {
        "schema": SCHEMA,
        "stageway": stageway.__version__,
        "product": dossier.product.id,
        "at": dossier.at.isoformat(),
        "fingerprint": dossier.fingerprint,
        "findings": [
            {"name": name, "code": code, "stage": dossier.evidence[name].stage, "finding": dossier.findings[name].to_json()}
            for name, code in dossier.codes.items()
            if name in dossier.findings
        ],
        "absent": [{"name": name, "stage": dossier.evidence[name].stage, "code": a.code, "why": a.why.to_json()} for name, a in dossier.absent.items()],
        "verdicts": [verdict_to_json(v) for gate in dossier.gates.values() for v in gate.verdicts],
        "gates": [
            {
                "stage": gate.stage,
                "state": str(gate.state),
                "round": gate.round,
                "recommends": str(gate.recommendation.choice),
                "to": gate.recommendation.to,
                "rule": gate.recommendation.rule.to_json(),
                "evidence": gate.evidence_hash,
                "expired": gate.expired,
                "decision": gate.last.id if gate.last else None,
            }
            for gate in dossier.gates.values()
        ],
        "goals": [{"id": id, "state": str(goal.state), "needs_n": goal.needs_n} for id, goal in dossier.goals.items()],
    }


def write(dossier: Dossier, root: Path, out: Path, *, langs: Sequence[Lang] = LANGS, progress: Callable[[str], None] | None = None) -> list[Path]:
    """Write all outputs; what would come out the same as last time is left as it is. Returns the paths of the documents.

    Every document is composed before the first byte is written, so that a fault in someone's paragraph leaves the last outputs as they were.
    """
    cache = Cache(root)
    files = {lang: [out / lang / f"process.{form}" for form in FORMATS] for lang in langs}
    keys = {lang: key_of(["document", stageway.__version__, dossier.fingerprint, dossier.at.date().isoformat(), lang, str(out.resolve())]) for lang in langs}
    stale = {lang: _document(dossier, lang, root) for lang in langs if (kept := _prints(files[lang])) is None or cache.get(keys[lang]) != kept}
    out.mkdir(parents=True, exist_ok=True)
    _put(out / "findings.json", (json.dumps(results(dossier), ensure_ascii=False, indent=1) + "\n").encode())
    for lang, document in stale.items():
        (out / lang).mkdir(exist_ok=True)
        for path, make in zip(files[lang], document, strict=True):
            if progress:
                progress(f"{lang}/{path.name}")
            _put(path, make())
        cache.put(keys[lang], _prints(files[lang]))
    return [path for lang in langs for path in files[lang]]


def _document(dossier: Dossier, lang: Lang, root: Path) -> tuple[Callable[[], bytes], ...]:
    from stageway.document.compose import compose
    from stageway.document.writers import html, markdown, pdf, word

    document = compose(dossier, lang)
    charts = root / ".stageway" / "charts"
    return (
        lambda: html.write(document, cache=charts).encode(),
        lambda: markdown.write(document).encode(),
        lambda: word.write(document, cache=charts),
        lambda: pdf.write(document, cache=charts),
    )


def _prints(files: list[Path]) -> list[str] | None:
    if not all(path.is_file() for path in files):
        return None
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]


def _put(path: Path, data: bytes) -> None:
    draft = path.with_name(path.name + ".part")
    draft.write_bytes(data)
    draft.replace(path)
