"""Values of Python as the JSON that a server reads, and back."""

from __future__ import annotations

import base64
import datetime
import math
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Union

Moment = Union[str, datetime.datetime]
"""A moment as text in ISO 8601, or as Python has it; what has no zone is UTC."""

_WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def plain(value: Any) -> Any:
    """``value`` as something that ``json`` writes the way a server reads it."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            return value.isoformat() + "Z"
        moment = value.astimezone(datetime.timezone.utc)
        return moment.replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if hasattr(value, "tolist"):  # NumPy's scalars and arrays
        return plain(value.tolist())
    raise TypeError(f"a {type(value).__name__} is none of the types that features have")


def columns(named: Mapping[str, Iterable[Any]]) -> "dict[str, List[Any]]":
    """Columns of anything that can be gone through: lists, arrays, series."""
    found = {}
    for name, values in named.items():
        if isinstance(values, (str, bytes)):
            raise TypeError(f"`{name}` is one value; write it as [{values!r}]")
        found[name] = [plain(each) for each in values]
    return found


def question(
    service: str,
    entities: Mapping[str, Iterable[Any]],
    given: Optional[Mapping[str, Iterable[Any]]],
    at: Optional[Moment],
) -> Dict[str, Any]:
    """A question as a server reads it."""
    asked: Dict[str, Any] = {"service": service, "entities": columns(entities)}
    if given:
        asked["given"] = columns(given)
    if at is not None:
        asked["at"] = plain(at)
    return asked


def restored(values: Sequence[Any]) -> List[Any]:
    """A column in which words that stand for numbers are numbers again.

    JSON has no NaN, so a server sends it as a text. In a column that has numbers every such word is
    one; a column of texts alone is left as it is.
    """
    has_numbers = any(isinstance(each, (int, float)) and not isinstance(each, bool) for each in values)
    if not has_numbers:
        return list(values)
    return [_WORDS.get(each, each) if isinstance(each, str) else each for each in values]
