"""交接班单 on A4."""

from domain.handover import HandoverDocument
from layouts.papers.paper import drawn

PROMISES = ("时间", "案件编号", "案件", "单位", "承诺")
UNSOLVED = ("案件编号", "案件", "状态", "超期")
WAITING = ("类别", "案件编号", "案件", "单位", "时限")


def handover(words: HandoverDocument) -> str:
    tables = (
        ("到期承诺", PROMISES, words.promises),
        ("未了告警", UNSOLVED, words.unsolved),
        ("待审批", WAITING, words.waiting),
    )
    return drawn("handover", words=words, tables=tables)
