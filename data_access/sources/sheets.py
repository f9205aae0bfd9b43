"""Excel workbooks. A sheet is held in memory whole: the format allows at most 1,048,576 rows."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from data_access.sources.cells import as_text
from data_access.sources.rows import Form, Rows, UnreadableFile


def read_sheet(path: Path, form: Form) -> Rows:
    """The first sheet, or the one that the form names."""
    from python_calamine import CalamineError, CalamineWorkbook  # only where a workbook is read

    try:
        book = CalamineWorkbook.from_path(path)
        name = form.sheet or next(iter(book.sheet_names), "")
        if name not in book.sheet_names:
            there = "、".join(book.sheet_names) or "无"
            raise UnreadableFile(f"工作簿里没有工作表“{name}”", path.name, f"现有：{there}。请在映射的 sheet 里写明。")
        table = book.get_sheet_by_name(name).iter_rows()
    except CalamineError as error:
        raise UnreadableFile(
            "工作簿打不开", f"{path.name}：{error}", "请用 Excel 或 WPS 另存为 .xlsx 后重试。"
        ) from None
    heading = next((row for row in table if any(cell != "" for cell in row)), None)
    if heading is None:
        raise UnreadableFile("工作表是空的", f"{path.name} 的“{name}”", "第一行应为列名。")
    return Rows(path, tuple(as_text(cell).strip() for cell in heading), _numbered(table), f"Excel，工作表“{name}”")


def _numbered(table: Iterator[Sequence[object]]) -> Iterator[tuple[int, Sequence[str]]]:
    for number, row in enumerate(table, start=1):
        cells = [as_text(cell) for cell in row]
        if any(cells):
            yield number, cells
