"""The cache may be torn, foreign or gone: it then counts as absent, and never changes what comes out."""

import json

from stageway.folder.cache import Cache, key_of
from tests.cli.calling import stageway
from tests.folder.places import TODAY


def test_a_key_depends_on_every_part_and_not_on_the_order_of_names():
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
    assert len({key_of(["sus", n]) for n in range(5)} | {key_of(["sus", "0"])}) == 6


def test_what_was_put_comes_back_and_nothing_else(tmp_path):
    cache = Cache(tmp_path)
    assert cache.get("a") is None
    cache.put("a", {"可用性": [1, None]})
    assert cache.get("a") == {"可用性": [1, None]}
    assert [p.name for p in cache.folder.iterdir()] == ["a.json"]


def test_a_torn_or_foreign_file_counts_as_absent(tmp_path):
    cache = Cache(tmp_path)
    for content in (b"", b'{"headline": {"zh"', b"\xff\xfe", b"[]", b'{"headline": 1}', b"3"):
        cache.put("a", 1)
        (cache.folder / "a.json").write_bytes(content)
        assert cache.finding("a") is None, content


def test_a_run_mends_a_cache_that_was_torn(folder):
    stageway("run", folder, "--at", TODAY, "--lang", "en")
    before = json.loads((folder / "out/findings.json").read_text(encoding="utf-8"))
    for file in (folder / ".stageway/cache").iterdir():
        file.write_bytes(file.read_bytes()[:40])
    ran = stageway("run", folder, "--at", TODAY, "--lang", "en", "--json")
    assert ran.code == 0
    assert ran.json == before
