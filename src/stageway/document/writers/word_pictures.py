"""Pictures in the Word document: PNG in the line, SVG beside it for programs that draw it, alternative text always."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from stageway.document import charts
from stageway.document.drawings.shapes import state_svg
from stageway.document.drawings.strip import HEIGHT, strip
from stageway.document.outline import Strip
from stageway.document.writers.word_xml import emu, safe

_SVG_BLIP = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SIZE = re.compile(r'<svg[^>]*?\bwidth="([\d.]+)(mm|pt|px)?"[^>]*?\bheight="([\d.]+)(mm|pt|px)?"')
_MM = {"mm": 1.0, "pt": 25.4 / 72, "px": 25.4 / 96, None: 25.4 / 96}
#: pictures once rendered; the same drawing is the same bytes
_RENDERED: dict[str, bytes] = {}


class Pictures:
    """Adds pictures to a part and returns the runs that show them."""

    def __init__(self, package: Any) -> None:
        self.part = package.part
        self.count = 0
        self.svgs: dict[str, str] = {}

    def state(self, state: str, size_pt: float = 8.4, alt: str = "") -> str:
        side = size_pt * 25.4 / 72
        return self._run(state_svg(state, 16, unit="px"), side, side, alt or state, scale=5.0, position=-3)

    def strip(self, given: Strip, width_mm: float) -> str:
        return self._run(strip(given, width_mm), width_mm, HEIGHT * 25.4 / 72, given.alt or given.state, scale=3.0 * 96 / 72, position=-6)

    def figure(self, svg: str, alt: str, width_mm: float, scale: float, keep_svg: bool) -> str:
        """`width_mm` at most; the drawing keeps its own proportions and is never enlarged by more than a tenth."""
        width, height = natural(svg)
        factor = min(width_mm / width, 1.1)
        return self._run(svg, width * factor, height * factor, alt, scale=scale, keep_svg=keep_svg)

    def _run(self, svg: str, width: float, height: float, alt: str, *, scale: float, position: int = 0, keep_svg: bool = False) -> str:
        key = f"{scale:.4f}|{svg}"
        if key not in _RENDERED:
            if len(_RENDERED) > 2000:
                _RENDERED.clear()
            _RENDERED[key] = charts.png(svg, scale)
        relation, _ = self.part.get_or_add_image(BytesIO(_RENDERED[key]))
        self.count += 1
        more = self._svg(svg) if keep_svg else ""
        low = f'<w:rPr><w:position w:val="{position}"/></w:rPr>' if position else ""
        size = f'cx="{emu(width)}" cy="{emu(height)}"'
        return (
            f'<w:r>{low}<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
            f'<wp:docPr id="{self.count}" name="Picture {self.count}" descr="{safe(alt)}"/>'
            f'<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            f'<pic:cNvPr id="{self.count}" name="Picture {self.count}" descr="{safe(alt)}"/>'
            f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}">{more}</a:blip><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            f"</wp:inline></w:drawing></w:r>"
        )

    def _svg(self, svg: str) -> str:
        if svg not in self.svgs:
            part = Part(PackURI(f"/word/media/drawing{len(self.svgs) + 1}.svg"), "image/svg+xml", svg.encode(), self.part.package)
            self.svgs[svg] = self.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        relation = self.svgs[svg]
        return (
            f'<a:extLst><a:ext uri="{_SVG_BLIP}">'
            f'<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="{relation}"/></a:ext></a:extLst>'
        )


def natural(svg: str) -> tuple[float, float]:
    """Width and height of an SVG in millimetres. A chart's pixels count 0.8 pt, so that its 12-pixel labels are set in 9.6 pt."""
    found = _SIZE.search(svg)
    if found is None:
        raise ValueError("an SVG without width and height cannot be placed on paper")
    unit = found[2]
    factor = 0.8 * 25.4 / 72 if unit in (None, "px") else _MM[unit]
    return float(found[1]) * factor, float(found[3]) * factor
