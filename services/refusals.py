"""What a database complains about, as a sentence for the hall."""

from sqlalchemy.exc import DBAPIError

from domain.refusals import Refusal


def database_refusal(error: DBAPIError) -> Refusal:
    """The database's complaint; the transaction has been rolled back."""
    cause = str(error.orig).strip()
    if "locked" in cause or "busy" in cause:
        return Refusal("数据库正被别的程序占用", cause, "没有写入任何数据；请等它写完，或停掉它，然后重试。")
    if "full" in cause or "No space" in cause:
        return Refusal("磁盘或数据库已满", cause, "没有写入任何数据；请腾出空间后重试。")
    return Refusal("数据库写入失败", cause, "没有写入任何数据；请处理后重试。")
