"""A request that cannot be met, said so that a person in the hall can act on it."""


class Refusal(Exception):
    """Bad input or bad state. `what` is wrong, `where`, and what to do `then`, in Chinese; nothing was written."""

    def __init__(self, what: str, where: str, then: str) -> None:
        super().__init__(f"{what}（{where}）。{then}")
        self.what, self.where, self.then = what, where, then
