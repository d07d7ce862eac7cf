"""The client."""

from __future__ import annotations

import http.client
import json
import threading
import urllib.parse
from typing import Any, Dict, Iterable, Mapping, Optional, Tuple, Union

from .answer import Answer, Receipt
from .errors import MartletError, Unreachable, refusal
from .values import Moment, plain, question

_Connection = Union[http.client.HTTPConnection, http.client.HTTPSConnection]


class Client:
    """Asks one server. Threads may share it: each keeps a connection of its own."""

    def __init__(self, url: str, token: Optional[str] = None, timeout: float = 5.0):
        """A client of the server at ``url``; nothing is connected yet.

        ``token`` is what ``martlet token create`` showed; ``timeout`` is in seconds.
        """
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address like http://127.0.0.1:8080")
        self._kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._host = parts.hostname
        self._port = parts.port
        self._prefix = parts.path.rstrip("/")
        self._timeout = timeout
        self._fields = {"Authorization": f"Bearer {token}"} if token else {}
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._all: "set[_Connection]" = set()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends all connections; asking again opens new ones."""
        with self._lock:
            connections, self._all = self._all, set()
        for connection in connections:
            connection.close()

    # What can be asked

    def get(
        self,
        service: str,
        entities: Mapping[str, Iterable[Any]],
        given: Optional[Mapping[str, Iterable[Any]]] = None,
        at: Optional[Moment] = None,
    ) -> Answer:
        """The features of some entities, now or at a moment."""
        asked = question(service, entities, given, at)
        return Answer.read(self._json("POST", "/v1/get", asked), asked["entities"])

    def push(self, source: str, rows: Iterable[Mapping[str, Any]]) -> Receipt:
        """Adds rows to a source. When this returns they are durable, and later answers see them."""
        lines = [json.dumps({name: plain(each) for name, each in row.items()}) for row in rows]
        path = "/v1/push/" + urllib.parse.quote(source, safe="")
        found = self._send("POST", path, "\n".join(lines).encode(), "application/x-ndjson", False)
        return Receipt(
            found["source"],
            found["accepted"],
            found["dropped"],
            found.get("kept", {}),
            found.get("without_key", {}),
        )

    def explain(
        self,
        service: str,
        feature: str,
        entity: Mapping[str, Any],
        given: Optional[Mapping[str, Any]] = None,
        at: Optional[Moment] = None,
    ) -> Dict[str, Any]:
        """The rows, tiles and files behind one value of one entity."""
        asked = question(
            service,
            {name: [value] for name, value in entity.items()},
            {name: [value] for name, value in (given or {}).items()},
            at,
        )
        explanation: Dict[str, Any] = self._json(
            "POST", "/v1/explain", {**asked, "feature": feature}
        )
        return explanation

    def catalog(self) -> Dict[str, Any]:
        """What is served."""
        catalog: Dict[str, Any] = self._json("GET", "/v1/catalog")
        return catalog

    def lineage(self, name: str) -> Dict[str, Any]:
        """Where something comes from, and who uses it."""
        path = "/v1/lineage/" + urllib.parse.quote(name, safe="")
        lineage: Dict[str, Any] = self._json("GET", path)
        return lineage

    def is_ready(self) -> bool:
        """Whether the server is there and can answer."""
        try:
            self._json("GET", "/readyz")
            return True
        except MartletError:
            return False

    # How

    def _json(self, method: str, path: str, asked: Optional[Dict[str, Any]] = None) -> Any:
        if asked is None:
            return self._send(method, path, None, None, True)
        body = json.dumps(asked, separators=(",", ":"), allow_nan=False).encode()
        return self._send(method, path, body, "application/json", True)

    def _send(
        self, method: str, path: str, body: Optional[bytes], kind: Optional[str], again: bool
    ) -> Any:
        fields = dict(self._fields)
        if kind:
            fields["Content-Type"] = kind
        connection, is_kept = self._connection()
        try:
            status, text = self._exchange(connection, method, path, body, fields)
        except (OSError, http.client.HTTPException) as failure:
            self._drop(connection)
            # The server ends connections that nobody used for a while; that is found out only now.
            if not (is_kept and again) or isinstance(failure, TimeoutError):
                raise Unreachable(f"{method} {path}: {failure or type(failure).__name__}") from failure
            connection, _ = self._connection()
            try:
                status, text = self._exchange(connection, method, path, body, fields)
            except (OSError, http.client.HTTPException) as second:
                self._drop(connection)
                raise Unreachable(f"{method} {path}: {second}") from second
        return self._read(status, text)

    def _exchange(
        self,
        connection: _Connection,
        method: str,
        path: str,
        body: Optional[bytes],
        fields: Dict[str, str],
    ) -> Tuple[int, bytes]:
        connection.request(method, self._prefix + path, body, fields)
        response = connection.getresponse()
        return response.status, response.read()

    @staticmethod
    def _read(status: int, text: bytes) -> Any:
        try:
            found = json.loads(text) if text else None
        except ValueError as failure:
            raise MartletError(f"the answer ({status}) is no JSON; is this a Martlet server?") from failure
        if status == 200:
            return found
        raise refusal(status, found)

    def _connection(self) -> Tuple[_Connection, bool]:
        """This thread's connection, and whether it has been used before."""
        connection = getattr(self._mine, "connection", None)
        if connection is not None and connection in self._all:
            return connection, connection.sock is not None
        connection = self._kind(self._host, self._port, timeout=self._timeout)
        self._mine.connection = connection
        with self._lock:
            self._all.add(connection)
        return connection, False

    def _drop(self, connection: _Connection) -> None:
        connection.close()
        with self._lock:
            self._all.discard(connection)
