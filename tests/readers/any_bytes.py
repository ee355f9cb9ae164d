"""Whatever bytes come, a reader gives a table or one of our own errors with both sentences filled."""

import os
import tempfile
from pathlib import Path

from stageway.evidence import StagewayError
from stageway.readers import Reader, Reading


def survives(reader: Reader, content: bytes, **options) -> Reading | None:
    handle, name = tempfile.mkstemp(suffix=reader.suffixes[0])
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    said, made = ["read"], None
    try:
        made = reader.read(Path(name), options)
    except StagewayError as error:
        said = [error.sentence("zh").encode(), error.sentence("en").encode()]
    finally:
        os.unlink(name)
    assert all(said)
    return made
