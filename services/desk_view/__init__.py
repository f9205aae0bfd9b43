"""The reading side of the desk: queue and case for the person who asks, and the pulse that says when to ask again."""

from services.desk_view.view import DeskView

__all__ = ["DeskView"]
