"""The documents as people see them: the page in a browser at two widths and themes, the Word file as pages."""

import os
import subprocess
from datetime import date

import pytest

from stageway.document.charts import font_folder
from stageway.document.compose import compose
from stageway.document.writers import html, word
from stageway.evidence import LANGS
from stageway.folder.survey import survey
from stageway.practice import make
from tests.tools import needs

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    place = tmp_path_factory.mktemp("rendered")
    make(place / "lumen", seed=1, today=TODAY)
    dossier = survey(place / "lumen", at=TODAY.isoformat())[0]
    for lang in LANGS:
        document = compose(dossier, lang)
        (place / f"{lang}.html").write_text(html.write(document, cache=place / "charts"), encoding="utf-8")
        (place / f"{lang}.docx").write_bytes(word.write(document, cache=place / "charts"))
    return place


@pytest.fixture(scope="module")
def browser():
    path = needs("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        opened = running.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield opened
        opened.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGS)
def test_the_page_fits_says_nothing_in_the_console_and_asks_no_host(written, browser, lang, theme, width):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    spoken, asked = [], []
    page.on("console", lambda message: spoken.append(message.text))
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
    page.goto(f"file://{written / f'{lang}.html'}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    headings = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].filter(h => !h.textContent.trim()).length")
    page.close()
    assert (spoken, asked, headings) == ([], [], 0)
    assert wide <= width


@pytest.mark.parametrize("lang", LANGS)
def test_the_word_file_opens_as_pages_without_boxes_or_blank_ones(written, lang):
    needs("soffice")
    needs("pdftotext")
    profile = f"-env:UserInstallation=file://{written / 'profile'}"
    own_fonts = written / "fonts.conf"
    own_fonts.write_text(f"<fontconfig><dir>{font_folder()}</dir><cachedir>{written / 'fontcache'}</cachedir></fontconfig>", encoding="utf-8")
    with_fonts = {**os.environ, "FONTCONFIG_FILE": str(own_fonts)}
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", written, written / f"{lang}.docx"]
    subprocess.run(convert, check=True, capture_output=True, timeout=180, env=with_fonts)
    text = subprocess.run(["pdftotext", "-layout", written / f"{lang}.pdf", "-"], check=True, capture_output=True, text=True).stdout
    pages = text.split("\f")[:-1]
    assert 20 <= len(pages) <= 75
    ends = {"zh": ("管理摘要", "最大的三项风险"), "en": ("Management summary", "Largest risks")}[lang]
    assert any(all(word in page for word in ends) for page in pages), "the summary is one page"
    assert [i + 1 for i, page in enumerate(pages) if len("".join(page.split())) < 120] in ([], [1])
    assert "\ufffd" not in text
    assert "\u25a1" not in text
    fonts = subprocess.run(["pdffonts", written / f"{lang}.pdf"], check=True, capture_output=True, text=True).stdout
    assert "NotoSansSC" in fonts or "NotoSerifSC" in fonts
