"""Which columns hold who a person is: by what the header says, and by how the values look.

A respondent's number (序号, ResponseId) tells rows apart and says nothing about a person: it is none of these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stageway.evidence import Frame, Words, say
from stageway.evidence.frame import Column, is_missing

#: Cells that are looked at in a column; they are spread over its length.
LOOKED_AT = 500
#: The share of the cells that must look like a kind.
MOST = 0.5


@dataclass(frozen=True)
class _Kind:
    """`label`: what a header consists of; `inside`: what a longer header (a question) holds; `value`: how a cell looks."""

    name: Words
    label: re.Pattern[str]
    inside: re.Pattern[str] | None = None
    value: re.Pattern[str] | None = None


def _word(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
MOBILE = re.compile(r"(?<!\d)(\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
PHONE = re.compile(r"(\+\d{1,3}[ .-]?(\(\d+\)[ .-]?)?\d([ .-]?\d){6,11}|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4}|0\d{2,3}-\d{7,8})")
IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{3}[\dXx](?!\d)")
_OCTET = r"(25[0-5]|2[0-4]\d|1?\d?\d)"
ADDRESS = re.compile(rf"({_OCTET}(\.{_OCTET}){{3}}|[0-9A-Fa-f]{{1,4}}(:[0-9A-Fa-f]{{0,4}}){{3,7}})(\s*[(（].*[)）])?")
OPENID = re.compile(r"o[A-Za-z0-9_-]{27}")

KINDS = (
    _Kind(Words("电子邮件地址", "e-mail address"), _word(r"(recipient|user|work|contact)?e-?mail(address)?|(电子)?(邮箱|邮件)(地址)?|username|用户名"),
          _word(r"e-?mail|邮箱|电子邮件"), EMAIL),
    _Kind(Words("身份证号", "identity number"), _word(r"身份证(件)?(号码?)?|证件号码?|护照(号码?)?|(passport|ssn|socialsecurity|nationalid)(number|no)?"),
          _word(r"身份证|护照号|passport n|social security n"), IDENTITY),
    _Kind(Words("电话号码", "phone number"), _word(r"(手机|电话|联系电话|手机号|手机号码|电话号码|联系方式|whats ?app|微信号?|微信账号|qq号?)|((tele|mobile|cell)?-?phone|mobile|tel)(number|no)?"),
          _word(r"手机号|电话|联系方式|微信号|qq号|phone number|mobile number"), re.compile(f"{MOBILE.pattern}|{PHONE.pattern}")),
    _Kind(Words("IP地址", "IP address"), _word(r"(来自|提交|用户|答题)?ip(地址|address|addr)?|(remote|client)(ip|addr(ess)?)"), None, ADDRESS),
    _Kind(Words("微信或设备标识", "WeChat or device identifier"),
          _word(r"(微信)?(openid|unionid)|(device|advertising)id|idfa|imei|oaid|mac(address)?|cookie|token|(external)(data)?reference|微信昵称|头像|avatar"), None, OPENID),
    _Kind(Words("姓名", "person's name"),
          _word(r"(真实|联系人)?(姓名|名字|昵称)|联系人|称呼|(recipient)?(first|last|full|your|user|nick|sur|family|given|middle|respondent|contact)name|surname"),
          _word(r"姓名|your (full )?name\b|first name|last name")),
    _Kind(Words("住址或位置", "home address or position"),
          _word(r"(详细|家庭|居住|通讯|收货|联系)?(地址|住址)|(home|street|mailing|postal)address|address|location(latitude|longitude)|latitude|longitude|经度|纬度|经纬度"),
          _word(r"详细地址|家庭住址|通讯地址|收货地址|street address|mailing address|home address")),
    _Kind(Words("学号、工号等个人编号", "student or staff number"), _word(r"学号|工号|员工(编号|号)|会员号|银行卡号?|车牌号?|(student|employee|staff|member)(id|number|no)"),
          _word(r"学号|工号|员工编号|银行卡号|employee (id|number)|student (id|number)")),
)
#: What stands before a label in a question: its number, and "please fill in your".
LEAD = re.compile(r"^\s*(第?\s*[QqＱ]?\d+\s*题?\s*[、.．:：)）]?)?\s*(请?(您|你)?(填写|输入|留下|提供)?(您|你)?(的)?|please (enter|give|provide)( us)?( your)?|your|what is your)\s*", re.IGNORECASE)
VERSION = _word(r"version|版本|build")
NUMBER_OF_ANSWER = _word(r"respond[ea]nt.?id|response.?id|答卷编号|序号|^id$|time|时间|timestamp")
NAME = _word(r"^(name|姓名)$")
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
PERSON = re.compile(r"[A-Z][a-z'’-]+( [A-Z]\.?)?( [A-Z][A-Za-z'’-]+){1,2}")


def personal_columns(frame: Frame) -> dict[str, Words]:
    """Column → why it is taken for personal, in the order of the frame."""
    found: dict[str, Words] = {}
    for name in frame.names:
        why = personal(name, frame[name])
        if why is not None:
            found[name] = why
    return found


def personal(header: str, values: Column) -> Words | None:
    """Why the column is taken for personal, or None. Values of all kinds are compared as texts."""
    label = re.sub(r"[\s_\-:：?？*。.]+", "", LEAD.sub("", header)).lower()
    texts = _texts(values)
    for kind in KINDS:
        if kind.label.fullmatch(label):
            return say(zh="列名是{kind}", en="its name says {kind}", kind=kind.name)
    for kind in KINDS:
        if kind.value is not None and (alike := _alike(kind, header, texts)) is not None:
            return alike
    if NAME.search(label) and texts and sum(map(_person, texts)) >= MOST * len(texts):
        return say(zh="列名是{kind}，值也像", en="its name says {kind}, and its values look like it", kind=Words("姓名", "a name"))
    for kind in KINDS:
        if kind.inside is not None and kind.inside.search(header) and _free(texts):
            return say(zh="问题里问到{kind}，回答各不相同", en="the question asks for the {kind}, and the answers all differ", kind=kind.name)
    return None


def personal_cells(values: Column) -> int:
    """Cells of free text that hold an e-mail address, a Chinese mobile number or an identity number among other words."""
    return sum(1 for value in values.tolist() if isinstance(value, str) and (EMAIL.search(value) or MOBILE.search(value) or IDENTITY.search(value)))


def _texts(values: Column) -> list[str]:
    listed = values.tolist()
    step = max(1, len(listed) // LOOKED_AT)
    return [_text(value) for value in listed[::step] if not is_missing(value)][:LOOKED_AT]


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _alike(kind: _Kind, header: str, texts: list[str]) -> Words | None:
    if kind.value is None or (kind.value is ADDRESS and VERSION.search(header)) or (kind.value is not EMAIL and NUMBER_OF_ANSWER.search(header)):
        return None
    alike = sum(1 for text in texts if len(text) < 200 and kind.value.fullmatch(text))
    if not texts or alike < MOST * len(texts):
        return None
    return say(zh="看了{n}个值，{k}个像{kind}", en="{k} of {n} values looked at are like an {kind}" if kind.name.en[0] in "aeiI" else "{k} of {n} values looked at are like a {kind}",
               n=len(texts), k=alike, kind=kind.name)


def _person(text: str) -> bool:
    han = 2 <= len(text) <= 4 and text[0] in SURNAMES and all("一" <= c <= "鿿" for c in text)
    return han or bool(PERSON.fullmatch(text))


def _free(texts: list[str]) -> bool:
    return len(texts) >= 3 and len(set(texts)) > 0.6 * len(texts)
