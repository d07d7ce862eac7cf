"""A project's online store in this process: features without a server."""

from __future__ import annotations

import ctypes
import ctypes.util
import datetime
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, Iterable, Mapping, Optional, Tuple, Union

from .answer import Answer
from .errors import MartletError, refusal
from .values import Moment, question

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_OK = 200


@dataclass(frozen=True)
class Tables:
    """The features of some entities as Arrow has them, in the order in which these were asked for."""

    version: str
    """The version of the definitions that answered."""
    at: str
    """The moment of the answer, in UTC."""
    features: "pyarrow.Table"
    """A column for each feature, in the service's order."""
    statuses: "pyarrow.Table"
    """The same columns, with ``present``, ``null``, ``expired`` or ``missing`` for each value."""

    def to_pandas(self) -> "pandas.DataFrame":
        """The features as a pandas frame."""
        return self.features.to_pandas()

    def to_polars(self) -> "polars.DataFrame":
        """The features as a Polars frame."""
        import polars

        frame = polars.from_arrow(self.features)
        assert isinstance(frame, polars.DataFrame)
        return frame


class Project:
    """A project that is open in this process. Threads may share it, and ask at the same time.

    The process owns the project's online store while it is open, as ``martlet serve`` would: one of the
    two at a time. Open it after forking, not before.
    """

    def __init__(
        self,
        folder: "Union[str, os.PathLike[str]]",
        store: "Union[str, os.PathLike[str], None]" = None,
        library: Optional[str] = None,
    ):
        """Opens the project in ``folder`` by what was last applied, and loads what is materialized.

        ``store`` is the folder of what is stored, else ``.martlet`` in the project's. ``library`` is the
        path of ``libmartlet.so``, else what the variable ``MARTLET_LIBRARY`` says, else the system's.
        """
        self._handle: Optional[int] = None
        self._library = _load(library)
        error = ctypes.c_void_p()
        handle = self._library.martlet_open(
            os.fsencode(folder), None if store is None else os.fsencode(store), ctypes.byref(error)
        )
        if not handle:
            raise MartletError(self._text(error))
        self._handle = handle

    def __enter__(self) -> "Project":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Closes the project. No other thread may be asking."""
        handle, self._handle = self._handle, None
        if handle:
            self._library.martlet_close(handle)

    def update(self) -> None:
        """Takes in what was applied and materialized since; other threads may go on asking."""
        error = ctypes.c_void_p()
        if self._library.martlet_update(self._open, ctypes.byref(error)) != _OK:
            raise MartletError(self._text(error))

    def get(
        self,
        service: str,
        entities: Mapping[str, Iterable[Any]],
        given: Optional[Mapping[str, Iterable[Any]]] = None,
        at: Optional[Moment] = None,
    ) -> Answer:
        """The features of some entities, now or at a moment."""
        asked = question(service, entities, given, at)
        text = json.dumps(asked, separators=(",", ":"), allow_nan=False).encode()
        answer, length = ctypes.c_void_p(), ctypes.c_size_t()
        status = self._library.martlet_get_json(
            self._open, text, len(text), ctypes.byref(answer), ctypes.byref(length)
        )
        found = json.loads(self._text(answer))
        if status != _OK:
            raise refusal(status, found)
        return Answer.read(found, asked["entities"])

    def get_tables(
        self,
        service: str,
        asked: "Union[pyarrow.Table, pyarrow.RecordBatch]",
        at: Optional[datetime.datetime] = None,
    ) -> Tables:
        """The same in Arrow's form, without any text between: ``asked`` has a column for each key, and for
        each value that the service is given. For many entities, and for features of many types."""
        import pyarrow

        batch = _batch(asked)
        schema_in, array_in = _Schema(), _Array()
        schema_out, array_out = _Schema(), _Array()
        batch._export_to_c(ctypes.addressof(array_in), ctypes.addressof(schema_in))
        moment = None if at is None else ctypes.byref(ctypes.c_int64(_microseconds(at)))
        error = ctypes.c_void_p()
        try:
            status = self._library.martlet_get(
                self._open, service.encode(), moment, ctypes.byref(schema_in),
                ctypes.byref(array_in), ctypes.byref(schema_out), ctypes.byref(array_out),
                ctypes.byref(error),
            )
        finally:
            # What was handed in stays ours; importing it back is how it is let go.
            pyarrow.RecordBatch._import_from_c(
                ctypes.addressof(array_in), ctypes.addressof(schema_in)
            )
        if status != _OK:
            raise refusal(status, json.loads(self._text(error)))
        answer = pyarrow.RecordBatch._import_from_c(
            ctypes.addressof(array_out), ctypes.addressof(schema_out)
        )
        about = {key.decode(): value.decode() for key, value in answer.schema.metadata.items()}
        return Tables(
            version=about["version"],
            at=about["at"],
            features=_table(answer.column(0)),
            statuses=_table(answer.column(1)),
        )

    def catalog(self) -> Dict[str, Any]:
        """What is served."""
        text = self._text(ctypes.c_void_p(self._library.martlet_catalog(self._open)))
        catalog: Dict[str, Any] = json.loads(text)
        return catalog

    @property
    def _open(self) -> int:
        if self._handle is None:
            raise MartletError("the project is closed")
        return self._handle

    def _text(self, place: ctypes.c_void_p) -> str:
        """The text at ``place``, which is freed."""
        text = ctypes.string_at(place.value or 0).decode() if place.value else ""
        self._library.martlet_free(place)
        return text


def _microseconds(moment: datetime.datetime) -> int:
    """Since the beginning of 1970; a naive moment is UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    start = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (moment - start) // datetime.timedelta(microseconds=1)


def _batch(asked: "Union[pyarrow.Table, pyarrow.RecordBatch]") -> "pyarrow.RecordBatch":
    import pyarrow

    if isinstance(asked, pyarrow.RecordBatch):
        return asked
    whole = asked.combine_chunks().to_batches()
    return whole[0] if whole else pyarrow.RecordBatch.from_pylist([], schema=asked.schema)


def _table(column: "pyarrow.StructArray") -> "pyarrow.Table":
    import pyarrow

    names = [column.type.field(place).name for place in range(column.type.num_fields)]
    return pyarrow.Table.from_arrays(column.flatten(), names=names)


# The Arrow C data interface's two records; only their sizes matter here.


class _Schema(ctypes.Structure):
    _fields_ = [("room", ctypes.c_int64 * 9)]


class _Array(ctypes.Structure):
    _fields_ = [("room", ctypes.c_int64 * 10)]


_loaded: Dict[str, ctypes.CDLL] = {}

# By name, what each function gives and takes.
_FUNCTIONS: Dict[str, Tuple[Any, Tuple[Any, ...]]] = {
    "martlet_open": (ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)),
    "martlet_close": (None, (ctypes.c_void_p,)),
    "martlet_update": (ctypes.c_int, (ctypes.c_void_p, ctypes.c_void_p)),
    "martlet_get_json": (
        ctypes.c_int,
        (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p),
    ),
    "martlet_get": (ctypes.c_int, (ctypes.c_void_p, ctypes.c_char_p) + (ctypes.c_void_p,) * 6),
    "martlet_catalog": (ctypes.c_void_p, (ctypes.c_void_p,)),
    "martlet_free": (None, (ctypes.c_void_p,)),
}


def _load(path: Optional[str]) -> ctypes.CDLL:
    path = path or os.environ.get("MARTLET_LIBRARY") or ctypes.util.find_library("martlet")
    path = path or "libmartlet.so"
    if path not in _loaded:
        try:
            library = ctypes.CDLL(path)
        except OSError as failure:
            raise MartletError(
                f"{failure}; `scripts/libmartlet` builds it, and the variable MARTLET_LIBRARY names it"
            ) from failure
        for name, (gives, takes) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = gives, takes
        _loaded[path] = library
    return _loaded[path]
