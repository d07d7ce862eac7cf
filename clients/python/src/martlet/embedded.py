"""A project's online store in this process: features without a server."""

from __future__ import annotations

import ctypes
import ctypes.util
import datetime
import json
import operator
import os
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Mapping, Optional, Tuple, Union

from .answer import Answer
from .errors import MartletError, refusal
from .values import Moment, question

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_OK = 200
_START = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


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


@dataclass(frozen=True)
class Features:
    """The features of one entity."""

    values: Dict[str, Any]
    """Each feature's value: an int, a float, a bool, a text, bytes, or a moment in UTC."""
    statuses: Dict[str, str]
    """``present``, ``null``, ``expired`` or ``missing`` for each."""

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


class Lookup:
    """A service made ready to be asked about one entity at a time, by ``Project.prepare``.

    Threads may share it. It follows ``Project.update``; a service that takes or gives something else by then
    is refused, and to be prepared anew.
    """

    def __init__(self, project: "Project", service: str):
        self._handle: Optional[int] = None
        self._project = project
        self._library = project._library
        error = ctypes.c_void_p()
        handle = self._library.martlet_prepare(
            project._open, service.encode(), ctypes.byref(error)
        )
        if not handle:
            problem = json.loads(project._text(error))
            raise refusal(problem["status"], problem)
        self._handle = handle
        project._lookups.add(self)
        self._keys = self._fields(self._library.martlet_keys)
        self._given = self._fields(self._library.martlet_given)
        self._features = self._fields(self._library.martlet_features)
        self._room_size = 1024

    def __del__(self) -> None:
        self._release()

    def get(
        self,
        entity: Mapping[str, Any],
        given: Optional[Mapping[str, Any]] = None,
        at: Optional[datetime.datetime] = None,
    ) -> Features:
        """The features of one entity, now or at a moment."""
        if self._handle is None:
            raise MartletError("the project is closed")
        keys, values = _values(self._keys, entity), (_Value * max(len(self._features), 1))()
        own = _values(self._given, given or {})
        moment = None if at is None else ctypes.byref(ctypes.c_int64(_microseconds(at)))
        error = ctypes.c_void_p()
        while True:
            room = ctypes.create_string_buffer(self._room_size)
            status = self._library.martlet_ask(
                self._handle, moment, keys, own, values, room, len(room), ctypes.byref(error)
            )
            if status == _OK:
                break
            problem = json.loads(self._project._text(error))
            if status != _TOO_SMALL:
                raise refusal(status, problem)
            self._room_size *= 2
        return Features(
            {name: values[place].value(kind) for place, (name, kind) in enumerate(self._features)},
            {name: _STATUSES[values[place].status] for place, (name, _) in enumerate(self._features)},
        )

    def _fields(self, listed: Any) -> "List[Tuple[str, int]]":
        count = ctypes.c_size_t()
        fields = ctypes.cast(listed(self._handle, ctypes.byref(count)), ctypes.POINTER(_Field))
        return [(fields[place].name.decode(), fields[place].type) for place in range(count.value)]

    def _release(self) -> None:
        handle, self._handle = self._handle, None
        if handle:
            self._library.martlet_release(handle)


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
        self._lookups: "weakref.WeakSet[Lookup]" = weakref.WeakSet()
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
            for lookup in list(self._lookups):
                lookup._release()
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

    def prepare(self, service: str) -> Lookup:
        """The service made ready to be asked about one entity at a time, a few microseconds for each."""
        return Lookup(self, service)

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
    return (moment - _START) // datetime.timedelta(microseconds=1)


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


# As `martlet.h` has them.


class _Content(ctypes.Union):
    _fields_ = [
        ("integer", ctypes.c_int64),
        ("real", ctypes.c_double),
        ("text", ctypes.c_void_p),
    ]


class _Value(ctypes.Structure):
    _anonymous_ = ("content",)
    _fields_ = [
        ("content", _Content),
        ("size", ctypes.c_size_t),
        ("status", ctypes.c_int32),
        ("is_null", ctypes.c_int32),
    ]

    def value(self, kind: int) -> Any:
        """What it stands for, as a value of Python's."""
        if self.is_null:
            return None
        if kind == _BOOL:
            return self.integer != 0
        if kind == _INT:
            return self.integer
        if kind == _DOUBLE:
            return self.real
        if kind == _TIME:
            return _START + datetime.timedelta(microseconds=self.integer)
        text = ctypes.string_at(self.text, self.size) if self.size else b""
        return text.decode() if kind == _STRING else text


class _Field(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("type", ctypes.c_int32)]


_BOOL, _INT, _DOUBLE, _STRING, _TIME, _BYTES = range(1, 7)
_STATUSES = ("present", "null", "expired", "missing")
_TOO_SMALL = 413


def _values(fields: "List[Tuple[str, int]]", named: Mapping[str, Any]) -> Any:
    """Values as C takes them, by their names."""
    unknown = set(named) - {name for name, _ in fields}
    if unknown:
        raise MartletError(f"the service takes no `{min(unknown)}`")
    values = (_Value * max(len(fields), 1))()
    # Texts are lent: who holds the values holds them.
    values.texts = texts = []
    for value, (name, kind) in zip(values, fields):
        if name not in named:
            raise MartletError(f"the service needs `{name}`")
        given = named[name]
        try:
            if given is None:
                value.is_null = 1
            elif kind in (_STRING, _BYTES):
                text = given.encode() if kind == _STRING else bytes(given)
                texts.append(text)
                value.text = ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p).value
                value.size = len(text)
            elif kind == _DOUBLE:
                value.real = given
            elif kind == _TIME:
                value.integer = _microseconds(given)
            else:
                value.integer = _whole(given)
        except (TypeError, AttributeError, OverflowError) as failure:
            raise MartletError(f"`{name}`: {failure}") from failure
    return values


def _whole(number: Any) -> int:
    """ctypes would cut off what does not fit into 64 bits."""
    whole = operator.index(number)
    if not -(2**63) <= whole < 2**63:
        raise OverflowError(f"{number} has more than 64 bits")
    return whole


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
    "martlet_prepare": (ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)),
    "martlet_release": (None, (ctypes.c_void_p,)),
    "martlet_keys": (ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_void_p)),
    "martlet_given": (ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_void_p)),
    "martlet_features": (ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_void_p)),
    "martlet_ask": (
        ctypes.c_int,
        (ctypes.c_void_p,) * 6 + (ctypes.c_size_t, ctypes.c_void_p),
    ),
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
