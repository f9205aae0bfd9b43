"""Stages of a case (DECISIONS 1). The table of transitions comes with the dispatch desk."""

from enum import StrEnum


class Stage(StrEnum):
    REPORTED = "reported"
    ACCEPTED = "accepted"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    RECEIVED = "received"
    HANDLED = "handled"
    RECHECKED = "rechecked"
    CLOSED = "closed"
    REJECTED = "rejected"
    VOID = "void"
    SUSPENDED = "suspended"
    RETURNED = "returned"
    REWORK = "rework"
