"""Passwords and sessions: what a password must be, how often one may fail, how long a session lasts.

Source: GB/T 22239-2019, 8.1.4.1 身份鉴别, with the usual numbers of domain research 5.3; stricter where we chose to be.
"""

from datetime import datetime, timedelta

SHORTEST, LONGEST = 8, 128  # characters; the longest bounds what one sign-in may cost
CLASSES_NEEDED = 3  # of four: small letters, capitals, digits, others
LASTS = timedelta(days=90)
WARNED = timedelta(days=14)  # before it runs out
FAILURES_ALLOWED = 5  # in a row, then the account is locked
LOCKED_FOR = timedelta(minutes=15)
FAILURES_KEPT = timedelta(hours=24)  # older failures are not in a row any more
LINK_LASTS = timedelta(hours=72)
IDLE_EXIT = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)

COMMON = (
    "12345678", "123456789", "1234567890", "87654321", "11111111", "88888888", "password", "passw0rd", "p@ssw0rd",
    "p@ssword", "qwertyui", "qwerty123", "1qaz2wsx", "1qaz@wsx", "zaq12wsx", "admin123", "admin@123", "abc12345",
    "abcd1234", "a1b2c3d4", "iloveyou", "welcome1", "letmein1", "changeme", "root1234", "test1234", "user1234",
    "chengguan", "gridwall",
)  # fmt: skip


def complaints(password: str, account: str, name: str) -> tuple[str, ...]:
    """What is wrong with this password for this account, in words; empty = it will do."""
    found = []
    if len(password) < SHORTEST:
        found.append(f"至少 {SHORTEST} 位，现在 {len(password)} 位")
    if len(password) > LONGEST:
        found.append(f"至多 {LONGEST} 位，现在 {len(password)} 位")
    if classes_in(password) < CLASSES_NEEDED:
        found.append("大写字母、小写字母、数字、其他符号中至少三种")
    folded = password.casefold()
    if account.casefold() in folded or name.casefold() in folded:
        found.append("不能含账号或姓名")
    if any(common in folded and len(password) < len(common) + 4 for common in COMMON):
        found.append("太常见，容易被猜到")
    return tuple(found)


def classes_in(password: str) -> int:
    """How many of the four kinds of characters there are."""
    kinds = {
        "small" if char.islower() else "capital" if char.isupper() else "digit" if char.isdigit() else "other"
        for char in password
    }
    return len(kinds)


def runs_out(chosen_at: datetime) -> datetime:
    """When a password chosen then must be changed."""
    return chosen_at + LASTS
