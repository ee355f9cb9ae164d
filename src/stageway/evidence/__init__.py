"""The nouns that everyone shares: words in two languages, errors, frames, findings, and how a method is declared. Imports nothing of ours."""

from stageway.evidence.errors import DataError, DefinitionError, IncompleteError, ParamError, StagewayError, Where, did_you_mean, nearest
from stageway.evidence.finding import (
    SCHEMA,
    Chart,
    ColumnHead,
    Estimate,
    Finding,
    Kind,
    Meaning,
    Provenance,
    ResultTable,
    Source,
    Warning,
)
from stageway.evidence.frame import Frame, is_missing
from stageway.evidence.labels import relabelled
from stageway.evidence.method import DEFAULT_SEED, Column, Method, Params, ParamSpec, Reads, method, param
from stageway.evidence.numerals import amount, interval, number, p_value, rounded_up, shown, with_n
from stageway.evidence.words import LANGS, Lang, Words, joined, say

__all__ = [
    "DEFAULT_SEED", "LANGS", "SCHEMA", "Chart", "Column", "ColumnHead", "DataError", "DefinitionError", "Estimate", "Finding", "Frame",
    "IncompleteError", "Kind", "Lang", "Meaning", "Method", "ParamError", "ParamSpec", "Params", "Provenance", "Reads", "ResultTable", "Source",
    "StagewayError", "Warning", "Where", "Words", "amount", "did_you_mean", "interval", "is_missing", "joined", "method", "nearest",
    "number", "p_value", "param", "relabelled", "rounded_up", "say", "shown", "with_n",
]
