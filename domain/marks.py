"""Marks on a case row that cannot be wholly right: it is kept and counted, and says why it is odd."""

from enum import IntFlag


class Mark(IntFlag):
    """Why a row is odd (DECISIONS 2, 10, 14). Stored as an integer; 0 = nothing odd."""

    CLOSED_BEFORE_OPENED = 1  # counts as registered and closed, never as on time or late
    OUTSIDE_CITY = 2  # the position counts everywhere except on the map; so do the next two
    ZERO_POSITION = 4
    WHOLE_DEGREE = 8
    STATUS_WITHOUT_TIME = 16  # the source says closed and gives no closing time: it stays open
    AMBIGUOUS_TIME = 32  # a local time that happened twice: the first is taken
    NONEXISTENT_TIME = 64  # a local time skipped by the clock change: moved forward


OFF_THE_MAP = Mark.OUTSIDE_CITY | Mark.ZERO_POSITION | Mark.WHOLE_DEGREE
