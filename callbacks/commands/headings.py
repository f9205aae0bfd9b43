"""Chinese headings of the tables that people read; json and csv keep the names of the fields."""

from decimal import Decimal
from fractions import Fraction

from domain.ranking import rounded_share

HEADINGS = {
    "key": "键", "name": "名称", "reported": "上报", "registered": "立案", "dispatched": "派遣", "handled": "处置",
    "closed": "结案", "on_time": "按期", "late": "超期结案", "closed_without_deadline": "无时限结案", "open": "在办",
    "overdue_open": "超期未结", "suspended": "挂账", "rework": "返工", "extended": "延期", "returned": "回退",
    "due": "到期", "closure_due": "应结案", "closure_due_without_deadline": "应结中无时限", "handling_due": "应处置",
    "marked": "有疑点", "closure_rate": "结案率", "on_time_closure_rate": "按期结案率", "handling_rate": "处置率",
    "registration_rate": "立案率", "rework_rate": "返工率", "extension_rate": "延期率", "suspension_rate": "挂账率",
    "return_rate": "回退率", "on_time_handling_rate": "按期处置率", "overdue_open_rate": "超期未结率",
    "overdue_pending_rate": "超期待处置率", "urgent_closure_rate": "紧急问题结案率",
    "dispatch_accuracy_rate": "派遣准确率", "on_time_dispatch_rate": "按时派遣率",
    "on_time_registration_rate": "按时立案率", "on_time_verification_rate": "按时核实率",
    "on_time_recheck_rate": "按时核查率", "accurate_registration_rate": "准确立案率", "score": "得分", "rank": "名次",
    "grade": "等级", "case_no": "案件号", "stage": "环节", "unit": "单位", "street": "街道", "grid": "网格",
    "category": "类别", "registered_at": "立案时间", "handled_at": "处置时间", "closed_at": "结案时间",
    "effective_due_at": "截止时间", "road": "道路", "marks": "疑点", "recurrence_count": "重复发生",
}  # fmt: skip


def heading(name: str) -> str:
    """The Chinese heading of a column; a column without one keeps its field's name."""
    return HEADINGS.get(name, name)


def cell(name: str, value: object) -> str:
    """A value as a person reads it: rates in per cent behind their fraction, times to the minute."""
    text = str(value)
    if name.endswith("_rate") and "/" in text:
        numerator, denominator = map(int, text.split("/"))
        return f"{text}={percent(numerator, denominator)}%" if denominator else f"{text}=—"
    return text[:16].replace("T", " ") if name.endswith("_at") else text


def percent(numerator: int, denominator: int) -> Decimal:
    """Per cent with two decimals."""
    return rounded_share(Fraction(numerator, denominator))


def width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
