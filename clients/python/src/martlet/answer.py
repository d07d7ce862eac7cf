"""What a server answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Dict, List, Mapping

from .values import restored

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


@dataclass(frozen=True)
class Answer:
    """The features of some entities, in the order in which these were asked for."""

    service: str
    version: str
    """The version of the definitions that answered."""
    at: str
    """The moment of the answer, in UTC."""
    entities: Dict[str, List[Any]]
    """The keys that were asked for."""
    features: Dict[str, List[Any]]
    """A column for each feature, in the service's order."""
    statuses: Dict[str, List[str]]
    """For each value ``present``, ``null``, ``expired`` or ``missing``."""

    @classmethod
    def read(cls, found: Dict[str, Any], entities: Dict[str, List[Any]]) -> "Answer":
        """The answer that the JSON ``found`` says about ``entities``."""
        return cls(
            service=found["service"],
            version=found["version"],
            at=found["at"],
            entities=entities,
            features={name: restored(values) for name, values in found["features"].items()},
            statuses=found["statuses"],
        )

    def __len__(self) -> int:
        return len(next(iter(self.features.values()), []))

    def to_dict(self) -> Dict[str, List[Any]]:
        """Keys and features as columns."""
        return {**self.entities, **self.features}

    def to_dicts(self) -> List[Dict[str, Any]]:
        """A dict of keys and features for each entity."""
        columns = self.to_dict()
        return [dict(zip(columns, row)) for row in zip(*columns.values())]

    def to_pandas(self) -> "pandas.DataFrame":
        """Keys and features as a pandas frame."""
        import pandas

        return pandas.DataFrame(self.to_dict())

    def to_polars(self) -> "polars.DataFrame":
        """Keys and features as a Polars frame."""
        import polars

        return polars.DataFrame(self.to_dict(), strict=False)

    def to_arrow(self) -> "pyarrow.Table":
        """Keys and features as an Arrow table."""
        import pyarrow

        return pyarrow.table(self.to_dict())


@dataclass(frozen=True)
class Receipt:
    """What became of pushed rows."""

    source: str
    accepted: int
    """Rows that are stored, durably."""
    dropped: int
    """Rows that an expectation dropped."""
    kept: Mapping[str, int] = field(default_factory=dict)
    """For each feature set how many rows it uses."""
    without_key: Mapping[str, int] = field(default_factory=dict)
    """For each feature set how many rows have no key, where there are any."""
