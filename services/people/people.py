"""Everything about the people of one city, as one thing that is handed around."""

from data_access.store import Store
from domain.city import City
from domain.user_list import UserList
from services.parts import Clock
from services.people.accounts import Accounts
from services.people.post_changes import PostChanges
from services.people.register import Register
from services.people.sign_in import SignIn


class People:
    """`clock` runs on in a frozen replay: sessions and locks are of today, whatever the screens show."""

    def __init__(self, store: Store, city: City, city_number: int, clock: Clock) -> None:
        self.register = Register(store, city, city_number, clock)
        self.sign_in = SignIn(self.register)
        self.accounts = Accounts(self.register)
        self.changes = PostChanges(self.register)

    def listed(self) -> UserList:
        """The register as administrators see it."""
        accounts = self.accounts
        units = tuple(accounts.units())
        return UserList(self.register.clock(), accounts.listed(), self.changes.waiting(), units)
