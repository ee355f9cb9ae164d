"""Columns that say who a person is, by their header and by their values, and those that only look like it."""

import pytest

from stageway.evidence import Frame
from stageway.readers.personal import personal_columns

FEW = 5


def columns(**values):
    return personal_columns(Frame.of([{name: each(i) if callable(each) else each for name, each in values.items()} for i in range(FEW)]))


@pytest.mark.parametrize("header", ["姓名", "1、您的姓名", "请输入您的手机号码：", "来自IP", "ipaddr", "IPAddress", "IP Address", "openid", "微信昵称", "Email Address", "RecipientEmail",
                                    "First Name", "last_name", "What is your email address?", "详细地址", "LocationLatitude", "身份证号", "学号", "3. 联系方式", "QQ号", "ExternalReference"])
def test_a_header_that_names_a_person_is_enough(header):
    assert list(columns(**{header: "x"})) == [header]


@pytest.mark.parametrize("value", ["a.b+c@mail.example.cn", "13812345678", "+86 138 1234 5678", "010-62345678", "(212) 555-0142", "192.168.0.1", "111.1.0.1(浙江-杭州)", "2001:db8:0:0:1::7",
                                   "11010519491231002X", "oABCDEFGHIJKLMNOPQRSTUVWXYZ1", 13812345678, 13812345678.0])
def test_values_that_look_like_it_are_enough(value):
    assert list(columns(Q7=value)) == ["Q7"]


@pytest.mark.parametrize(
    ("header", "value"),
    [("城市", "上海"), ("您是否愿意留下邮箱？", lambda i: "愿意"), ("product name", "Lumen"), ("name", lambda i: f"button_{i}"), ("app version", "10.2.3.4"), ("RespondentID", 13812345678),
     ("user_id", lambda i: f"u{i}"), ("收入", 138123), ("time", "2026-05-01 10:00:00"), ("品牌名称", "联想"), ("最常用的邮箱服务", "QQ邮箱"), ("score", None), ("ip_count", 4), ("序号", 1)],
)
def test_what_only_looks_like_it_stays(header, value):
    assert columns(**{header: value}) == {}


def test_a_column_called_name_depends_on_its_values():
    assert list(columns(name=lambda i: "王李张刘陈"[i] + "小明")) == ["name"]
    assert list(columns(Name=lambda i: f"{'ABCDE'[i]}nna Smith")) == ["Name"]


def test_the_reason_is_said_in_both_languages():
    why = columns(来自IP="1.1.1.1", Q7="a@b.cn")
    assert (why["来自IP"].zh, why["来自IP"].en) == ("列名是IP地址", "its name says IP address")
    assert (why["Q7"].zh, why["Q7"].en) == ("看了5个值，5个像电子邮件地址", "5 of 5 values looked at are like an e-mail address")
    assert personal_columns(Frame({})) == {}
