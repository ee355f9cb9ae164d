"""Stageway 阶程: process as code, evidence as data, one thread from a user's words to a number in production."""

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("compute", "methods"):
        from stageway import catalogue

        return getattr(catalogue, name)
    raise AttributeError(f"module 'stageway' has no attribute {name!r}")
