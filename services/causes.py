"""Why the database did not answer, in words for the hall; the log keeps the driver's own."""

from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

from data_access.store import FileReplaced

WORDS = (  # what a driver's message contains -> what it means
    (("database is locked", "database table is locked", "lock timeout"), "数据库被占用"),
    (("database or disk is full", "disk full", "no space left", "could not extend file"), "磁盘已满"),
    (("no such table", "no such column", "does not exist"), "数据库结构不符"),
    (("malformed", "not a database", "corrupt"), "不是数据库文件，或已损坏"),
    (("readonly", "read-only", "permission denied"), "数据库不可写"),
    (("statement timeout", "interrupted"), "查询超时"),
    (("connection", "server closed", "shutting down", "unable to open"), "数据库连接不上"),
)


def cause_in_words(error: Exception) -> str:
    """A few Chinese words for a wall; 数据库出错 where the cause is not one that the hall could know."""
    if isinstance(error, FileReplaced):
        return "数据库文件已被替换或删除，请重新启动服务"
    message = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    for parts, words in WORDS:
        if any(part in message for part in parts):
            return words
    return "数据库连接不上" if isinstance(error, TimeoutError | OperationalError) else "数据库出错"
