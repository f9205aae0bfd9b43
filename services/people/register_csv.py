"""The register of people as a CSV file, for those who must keep it on paper."""

import csv
import io

from domain.people import POST_WORDS, Person
from services.people.people import People

HEADS = ("姓名", "账号", "岗位", "单位", "建立", "最近登录", "口令到期", "状态")
FORMULA = "=+-@\t＝＋－＠"  # a Chinese spreadsheet reads the wide ones as well


def register_csv(people: People, by: Person) -> str:
    """Every account; the export is in the audit log. Begins with a BOM, or Excel misreads the Chinese."""
    register, now = people.register, people.register.clock()
    rows = people.accounts.listed()
    with register.store.write.begin() as connection:
        register.record(connection, now, by, "export_users", f"{len(rows)}")
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    for one in rows:
        days = (one.created_at, one.signed_in_at, one.password_until)
        shown = [register.city.local(day).strftime("%Y-%m-%d") if day else "" for day in days]
        posts = "、".join(POST_WORDS[post] for post in one.posts)
        state = "停用" if one.disabled else "在用"
        writer.writerow([_harmless(cell) for cell in (one.name, one.account, posts, one.unit_name, *shown, state)])
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{cell}" if cell and cell[0] in FORMULA else cell
