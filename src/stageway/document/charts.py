"""From a chart's specification to a picture: theme and font of the house put in, SVG by Vega, PNG from that SVG. Nothing is fetched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, MutableMapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from stageway.document.drawings.canvas import FONT
from stageway.evidence import DefinitionError, Words

Theme = Literal["light", "dark"]
#: where drawn charts are kept: a mapping or a folder
Cache = MutableMapping[str, str] | Path | None
#: part of the key of a stored chart: raise it when a picture would come out otherwise
VERSION = "1"


def svg(spec: Mapping[str, Any], *, theme: Theme = "light", font: str = FONT, width: int | None = None, cache: Cache = None) -> str:
    """The chart as SVG text. `width` (pixels of 1/96 inch) is used where the specification has none.

    `cache` is a mapping or a folder: key is a hash of specification, theme, font and width. A `url` anywhere in the data is a DefinitionError.
    """
    refuse_urls(spec)
    full = themed(spec, theme=theme, font=font, width=width)
    key = hashlib.sha256(json.dumps([VERSION, full], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
    stored = _load(cache, key)
    if stored is not None:
        return stored
    import vl_convert as vlc

    _fonts()
    made = str(vlc.vegalite_to_svg(json.dumps(full), allowed_base_urls=[]))
    _store(cache, key, made)
    return made


def png(picture: str, scale: float = 2.0) -> bytes:
    """A PNG of an SVG, `scale` times its pixels; also for drawings."""
    import vl_convert as vlc

    _fonts()
    made: bytes = vlc.svg_to_png(picture, scale=scale)
    return made


def themed(spec: Mapping[str, Any], *, theme: Theme = "light", font: str = FONT, width: int | None = None) -> dict[str, Any]:
    """The specification with the house's configuration under its own, one font family throughout, and tooltips off (a document has no pointer)."""
    config = {**_with_font(_theme(theme), font), "padding": 4}
    own = spec.get("config", {})
    merged = _merged(config, {**own, "mark": {**own.get("mark", {}), "tooltip": None}})
    if width is not None:
        merged["view"] = {**merged.get("view", {}), "continuousWidth": width}
    return {**spec, "config": merged}


def refuse_urls(spec: Any, place: str = "chart") -> None:
    """Charts carry their data; a `url` would be read from elsewhere, or silently be empty."""
    if isinstance(spec, Mapping):
        for name, part in spec.items():
            if name == "url" and isinstance(part, str | Mapping):
                raise DefinitionError(
                    "chart_with_url",
                    Words(f"图表的数据要从别处读取（{place}.url）", f"the data of a chart are to be fetched from elsewhere ({place}.url)"),
                    expected=Words("数据直接写在图表里（values）", "inline data (values)"),
                )
            if name not in ("values", "datasets"):
                refuse_urls(part, f"{place}.{name}")
    elif isinstance(spec, list | tuple):
        for index, part in enumerate(spec):
            refuse_urls(part, f"{place}[{index}]")


def font_folder() -> Path:
    """The folder of the package's fonts, for every engine that sets text."""
    return Path(str(files("stageway.document") / "fonts"))


@cache
def _fonts() -> None:
    import vl_convert as vlc

    vlc.register_font_directory(str(font_folder()))


@cache
def _themes() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((files("stageway.document") / "vega-theme.json").read_text(encoding="utf-8"))
    return read


def _theme(theme: Theme) -> dict[str, Any]:
    found: dict[str, Any] = _themes()[theme]
    return found


def _with_font(value: Any, font: str) -> Any:
    if isinstance(value, Mapping):
        return {name: font if name in ("font", "labelFont", "titleFont") else _with_font(part, font) for name, part in value.items()}
    return value


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {**under}
    for name, part in over.items():
        both[name] = _merged(both[name], part) if isinstance(part, Mapping) and isinstance(both.get(name), Mapping) else part
    return both


def _load(cache: Cache, key: str) -> str | None:
    if isinstance(cache, Path):
        path = cache / f"{key}.svg"
        return path.read_text(encoding="utf-8") if path.is_file() else None
    return cache.get(key) if cache is not None else None


def _store(cache: Cache, key: str, made: str) -> None:
    if isinstance(cache, Path):
        cache.mkdir(parents=True, exist_ok=True)
        fresh = cache / f"{key}.part"
        fresh.write_text(made, encoding="utf-8")
        fresh.replace(cache / f"{key}.svg")
    elif cache is not None:
        cache[key] = made
