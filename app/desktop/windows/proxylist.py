"""Reads proxy lists and exceptions as Windows writes them; free of Windows itself, so that it is tested on any system."""

import fnmatch


def proxies_in(text: str) -> tuple[str, ...]:
    """`name:port` of the HTTP proxies for https addresses in `a:80;b:80`, `http=a:80;https=b:81`, `http://a:80 b`.

    Entries for other schemes and other kinds of proxy are left out; a name without a port has 80 there.
    """
    found: dict[str, list[str]] = {"": [], "https": []}
    for entry in text.replace(";", " ").split():
        scheme, _, rest = entry.rpartition("=")
        kind, there, place = rest.rpartition("://")
        if scheme.lower() not in found or (there and kind.lower() != "http"):
            continue
        place = place.rstrip("/")
        if place:
            found[scheme.lower()].append(place if ":" in place.rpartition("]")[2] else f"{place}:80")
    return tuple(found["https"] or found[""])


def bypassed(host: str, exceptions: str) -> bool:
    """Whether an address goes straight by the list of exceptions: `*.corp;10.*;<local>`, ports and schemes ignored."""
    host = host.lower().strip("[]")
    return any(_covers(entry.lower(), host) for entry in exceptions.replace(";", " ").split())


def _covers(entry: str, host: str) -> bool:
    if entry == "<local>":
        return "." not in host and ":" not in host
    bare = entry.rpartition("://")[2].strip("[]")
    return fnmatch.fnmatchcase(host, bare) or fnmatch.fnmatchcase(host, bare.rpartition(":")[0] or bare)
