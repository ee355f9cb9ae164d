"""Event logs for tests: from short words, from hypothesis, from shared files."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from stageway.evidence import Frame

START = datetime(2026, 3, 2, tzinfo=UTC)


def log(*rows, **columns):
    """Rows (user, event, hours after Monday 2026-03-02 00:00 UTC) or (user, event, ISO text)."""
    made = {
        "user": [user for user, _, _ in rows],
        "event": [event for _, event, _ in rows],
        "time": [START + timedelta(hours=at) if isinstance(at, int | float) else at for _, _, at in rows],
    }
    return {"events": Frame({**made, **columns}, "events.csv")}


def codes(finding):
    return [warning.code for warning in finding.warnings]


def value(finding, name, key=None):
    found = finding.get(name, key)
    return None if found is None else found.value


def random_logs(events="abcx", users=4, most=14, hours=24 * 9):
    """Small logs with equal times: (user, event, whole hours)."""
    row = st.tuples(st.sampled_from([f"u{i}" for i in range(users)]), st.sampled_from(list(events)), st.integers(0, hours))
    return st.lists(row, min_size=1, max_size=most)
