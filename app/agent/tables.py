"""Snapshots as plain JSON values, for the command line; bytes in hex."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from app.agent.pagefaces import NO_PAGES
from app.agent.snapshot import ReportsFace, SiteFace, Snapshot


def snapshot_table(snapshot: Snapshot) -> dict[str, object]:
    """Every field of a Snapshot by name, but for what was typed into scripts and reports and the pages of the person's own."""
    unsaid = replace(snapshot, guide=replace(snapshot.guide, values=()), pages=NO_PAGES, reports=ReportsFace(), site=SiteFace())
    table = _plain(msgspec.to_builtins(unsaid, builtin_types=(bytes,)))
    assert isinstance(table, dict)
    return table


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
