"""Asks Martlet for features, of a server or in this process, and pushes rows to a server."""

from .answer import Answer, Receipt
from .client import Client
from .embedded import Features, Lookup, Project, Tables
from .errors import MartletError, Refused, Unreachable

__all__ = [
    "Answer",
    "Client",
    "Features",
    "Lookup",
    "MartletError",
    "Project",
    "Receipt",
    "Refused",
    "Tables",
    "Unreachable",
]
