"""XML from people we do not know: no entities, nothing external, limits on size, depth and elements, memory that does not grow with the file.

The file is transcoded to UTF-8 before it is parsed (expat knows no GB18030), and characters that XML does not allow are taken out once
and counted. Events go to a `Handler`; no tree is built.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from stageway.evidence import DataError, IncompleteError, Where, say
from stageway.readers import options
from stageway.readers.files import opened
from stageway.readers.text import known_encoding, marked, pieces

#: Control characters that XML 1.0 forbids, as they are and as references (`&#x1B;`), and the two that are no characters.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
REFERENCE = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")
LONGEST_REFERENCE = 16
TRUNCATED = ("no element found", "unclosed token", "unclosed CDATA section", "partial character")


class Handler(Protocol):
    """What is told of the elements, by their local names (a prefix or namespace is taken off)."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    max_bytes: int = 256 << 20
    max_depth: int = 200
    max_elements: int = 5_000_000

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Limits:
        return cls(**{name: options.whole(given, name, getattr(cls(), name)) for name in LIMITS})


LIMITS = ("max_bytes", "max_depth", "max_elements")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What there is to say of a file that was parsed: its encoding, and how many forbidden characters were taken out."""

    encoding: str
    removed: int


def parse(path: Path, handler: Handler, limits: Limits) -> Parsed:
    """Feed a file to `handler`. Raises DataError with file and line: not well-formed, cut off, entities, a limit passed, unknown encoding."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import XMLParser

    encoding = _encoding(path, limits)
    target = _Target(path, handler, limits)
    parser: Any = XMLParser(target=target, encoding="utf-8")
    target.line = lambda: int(parser.parser.CurrentLineNumber)
    clean = _Cleaner()
    try:
        for piece in pieces(path, encoding):
            parser.feed(clean(piece).encode("utf-8"))
        parser.feed(clean.rest().encode("utf-8"))
        parser.close()
    except DefusedXmlException:
        what = say(zh="XML 里声明了实体或外部引用，为安全起见不读", en="the XML declares entities or external references, and is not read for safety")
        todo = say(zh="请用测试工具重新导出报告", en="export the report again with the test tool")
        raise DataError("xml_entities", what, where=Where(file=str(path), line=target.line()), todo=todo) from None
    except ParseError as error:
        raise _malformed(path, error) from None
    except UnicodeError:
        what = say(zh="文件不是它自称的编码 {encoding}", en="the file is not in the encoding {encoding} that it declares", encoding=encoding)
        raise DataError("encoding_wrong", what, where=Where(file=str(path), line=target.line())) from None
    return Parsed(encoding, clean.removed)


class _Target:
    """Between expat and the handler: counts depth and elements, takes namespaces off."""

    def __init__(self, path: Path, handler: Handler, limits: Limits) -> None:
        self.path, self.handler, self.limits = path, handler, limits
        self.depth = self.elements = 0
        self.line: Callable[[], int] = lambda: 1

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > self.limits.max_depth:
            raise self._limit("xml_too_deep", "嵌套超过{most}层", "elements are nested more than {most} deep", "max_depth")
        if self.elements > self.limits.max_elements:
            raise self._limit("xml_too_many", "元素超过{most}个", "there are more than {most} elements", "max_elements")
        self.handler.start(_local(tag), {_local(name): value for name, value in attributes.items()})

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.handler.end(_local(tag))

    def data(self, text: str) -> None:
        self.handler.text(text)

    def close(self) -> None:
        return None

    def _limit(self, code: str, zh: str, en: str, option: str) -> DataError:
        most = getattr(self.limits, option)
        todo = say(zh="若文件可信，用选项 {option} 放宽", en="if the file can be trusted, raise the option {option}", option=option)
        return DataError(code, say(zh=zh, en=en, most=f"{most:,}"), where=Where(file=str(self.path), line=self.line()), todo=todo)


class _Cleaner:
    """Takes out forbidden characters and references to them; holds back an ampersand at the end of a piece until its rest has come."""

    def __init__(self) -> None:
        self.removed = 0
        self.held = ""

    def __call__(self, piece: str) -> str:
        text, self.held = self.held + piece, ""
        at = text.rfind("&", max(0, len(text) - LONGEST_REFERENCE))
        if at >= 0 and ";" not in text[at:]:
            text, self.held = text[:at], text[at:]
        return self._clean(text)

    def rest(self) -> str:
        return self._clean(self.held)

    def _clean(self, text: str) -> str:
        for forbidden in (FORBIDDEN, REFERENCE):
            text, count = forbidden.subn("", text)
            self.removed += count
        return text


def _encoding(path: Path, limits: Limits) -> str:
    with opened(path) as stream:
        head = stream.read(1024)
        size = stream.seek(0, 2)
    if not head.strip():
        what = say(zh="XML 是空的：报告没有写出来", en="the XML is empty: no report was written")
        todo = say(zh="测试可能没有跑完；请重跑并重新导出报告", en="the test run may not have finished; run it again and export the report")
        raise IncompleteError("xml_empty", what, where=Where(file=str(path)), todo=todo)
    if size > limits.max_bytes:
        most = f"{limits.max_bytes:,}"
        what = say(zh="文件有{size}字节，超过上限{most}", en="the file has {size} bytes, more than the limit of {most}", size=f"{size:,}", most=most)
        todo = say(zh="若文件可信，用选项 max_bytes 放宽", en="if the file can be trusted, raise the option max_bytes")
        raise DataError("file_too_large", what, where=Where(file=str(path)), todo=todo)
    mark = marked(head)
    if mark is not None:
        return mark
    declared = re.match(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']{1,40})["']""", head)
    if declared is None:
        return "utf-8"
    name = declared.group(1).decode("latin-1")
    encoding = known_encoding(name)
    if encoding is None:
        what = say(zh="XML 声明了不认识的编码“{name}”", en='the XML declares the unknown encoding "{name}"', name=name)
        raise DataError("encoding_unknown", what, where=Where(file=str(path), line=1), todo=say(zh="请改存为 UTF-8", en="save it as UTF-8"))
    # A declaration that can be read byte by byte is not in UTF-16 or UTF-32, whatever it says.
    return "utf-8" if encoding.startswith(("utf-16", "utf-32")) else encoding


def _malformed(path: Path, error: Any) -> DataError:
    line = int(error.position[0])
    reason = str(error).partition(": line")[0]
    if reason in TRUNCATED:
        what = say(zh="XML 不完整：文件在根元素结束之前就断了", en="the XML is incomplete: the file ends before its root element is closed")
        todo = say(zh="测试可能没有跑完；请重跑并重新导出报告", en="the test run may not have finished; run it again and export the report")
        return IncompleteError("xml_truncated", what, where=Where(file=str(path), line=line), todo=todo)
    what = say(zh="文件不是合格的 XML（解析器说：{reason}）", en="the file is not well-formed XML (the parser says: {reason})", reason=reason)
    return DataError("xml_wrong", what, where=Where(file=str(path), line=line))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]

