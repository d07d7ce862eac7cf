"""What can go wrong between a caller and a server."""

from __future__ import annotations

from typing import Any, Optional


class MartletError(Exception):
    """A request was not done."""


class Unreachable(MartletError):
    """There was no answer: the server is not there, or the connection ended."""


class Refused(MartletError):
    """The server answered that it will not, and why."""

    def __init__(self, status: int, code: str, detail: str, field: Optional[str] = None):
        place = f" (at {field})" if field else ""
        super().__init__(f"{status} {code}: {detail}{place}")
        self.status = status
        """HTTP's status."""
        self.code = code
        """What is wrong, for programs; never changes."""
        self.detail = detail
        """The same for people."""
        self.field = field
        """Where in the request, as in ``entities.customer_id[3]``."""


def refusal(status: int, found: Any) -> Refused:
    """What the problem ``found`` says."""
    if isinstance(found, dict) and "code" in found:
        return Refused(status, found["code"], found.get("detail", ""), found.get("field"))
    return Refused(status, "unknown", str(found))
