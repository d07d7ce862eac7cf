"""Asks a Martlet server for features, and pushes rows to it."""

from .answer import Answer, Receipt
from .client import Client
from .errors import MartletError, Refused, Unreachable

__all__ = ["Answer", "Client", "MartletError", "Receipt", "Refused", "Unreachable"]
