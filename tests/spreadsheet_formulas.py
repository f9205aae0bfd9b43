"""An independent reader of workbooks: takes the XML apart and computes every formula anew, in exact fractions.

It shares no code with what writes them. It knows the functions that our sheets use, and refuses all others.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
TOKEN = re.compile(
    r'\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>"(?:[^"]|"")*")|(?P<cell>\$?[A-Z]{1,3}\$?\d+)'
    r"|(?P<name>[A-Z][A-Z0-9.]*)(?=\()|(?P<sign><=|>=|<>|[-+*/&=<>(),:]))"
)
Value = Fraction | str | bool | None
Range = list[Value]


class UnknownFormula(Exception):
    """The formula uses something this reader does not know."""


@dataclass
class Sheet:
    """`plain` are the cells that are no formulas, `formulas` their texts, `kept` the values written beside them."""

    name: str
    plain: dict[tuple[int, int], Value] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    kept: dict[tuple[int, int], Value] = field(default_factory=dict)
    xml: str = ""
    _known: dict[tuple[int, int], Value] = field(default_factory=dict)

    def value(self, row: int, column: int) -> Value:
        """The cell as computed from the plain ones alone; rows and columns from 0."""
        at = row, column
        if at not in self.formulas:
            return self.plain.get(at)
        if at not in self._known:
            self._known[at] = _Parser(self, self.formulas[at]).result()
        return self._known[at]

    def rows(self) -> list[list[Value]]:
        """Every row as computed."""
        cells = [*self.plain, *self.formulas]
        wide, high = max((c for _, c in cells), default=-1) + 1, max((r for r, _ in cells), default=-1) + 1
        return [[self.value(row, column) for column in range(wide)] for row in range(high)]


def read(data: bytes) -> dict[str, Sheet]:
    """The sheets of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    strings = _strings(files.get("xl/sharedStrings.xml"))
    targets = {
        relation.attrib["Id"]: relation.attrib["Target"]
        for relation in ElementTree.fromstring(files["xl/_rels/workbook.xml.rels"])
    }
    sheets = {}
    for entry in ElementTree.fromstring(files["xl/workbook.xml"]).iter(f"{MAIN}sheet"):
        xml = files[f"xl/{targets[entry.attrib[RELATED]]}"]
        sheets[entry.attrib["name"]] = _sheet(entry.attrib["name"], xml, strings)
    return sheets


def _strings(xml: str | None) -> list[str]:
    if xml is None:
        return []
    return ["".join(part.text or "" for part in entry.iter(f"{MAIN}t")) for entry in ElementTree.fromstring(xml)]


def _sheet(name: str, xml: str, strings: list[str]) -> Sheet:
    sheet = Sheet(name, xml=xml)
    for cell in ElementTree.fromstring(xml).iter(f"{MAIN}c"):
        at = _place(cell.attrib["r"])
        formula, value = cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v")
        found: Value = None
        if value is not None and value.text is not None:
            kind = cell.attrib.get("t")
            text = strings[int(value.text)] if kind == "s" else value.text
            found = text if kind in ("s", "str") else Fraction(Decimal(text))
        if formula is not None:
            sheet.formulas[at], sheet.kept[at] = formula.text or "", found
        elif found is not None:
            sheet.plain[at] = found
    return sheet


def _place(cell: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", cell).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1


def number(value: Value) -> Fraction:
    """An empty cell is 0; text is an error, as it would be in a spreadsheet."""
    if value is None or value == "":
        return Fraction()
    if isinstance(value, str):
        raise UnknownFormula(f"#VALUE! {value}")
    return Fraction(value)


def _text(value: Value) -> str:
    """A number as a spreadsheet joins it to text: 15 significant digits."""
    if isinstance(value, str):
        return value
    return f"{Decimal(number(value).numerator) / Decimal(number(value).denominator):.15g}"


def _compare(left: Value, sign: str, right: Value) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        if left is None or right is None:
            left, right = left or "", right or ""
        order = (isinstance(left, str), left), (isinstance(right, str), right)
    else:
        order = (False, number(left)), (False, number(right))
    first, second = order
    tests: dict[str, Callable[[], bool]] = {
        "=": lambda: first == second,
        "<>": lambda: first != second,
        "<": lambda: first < second,
        ">": lambda: first > second,
        "<=": lambda: first <= second,
        ">=": lambda: first >= second,
    }
    return tests[sign]()


def _meets(value: Value, criterion: Value) -> bool:
    """One cell against a criterion of COUNTIFS: a size counts numbers only, <> counts everything else."""
    if not isinstance(criterion, str):
        return value == criterion
    sign, wanted = re.fullmatch(r"(<=|>=|<>|<|>|=)?(.*)", criterion, re.DOTALL).groups()  # type: ignore[union-attr]
    if sign in (None, "=", "<>"):
        same = (_text(value) if value is not None else "") == wanted
        return not same if sign == "<>" else same
    return isinstance(value, Fraction) and _compare(value, sign, Fraction(wanted))


def _rounded(value: Fraction, places: int, up: bool) -> Fraction:
    size = abs(value) * 10**places
    whole = floor(size + Fraction(1, 2)) if up else floor(size)
    return Fraction(whole if value >= 0 else -whole, 10**places)


class _Parser:
    """A formula by recursive descent: comparison, joining, sums, products, signs, atoms."""

    def __init__(self, sheet: Sheet, text: str) -> None:
        self.sheet, self.text = sheet, text
        self.tokens = list(self._cut(text))
        self.at = 0

    def _cut(self, text: str) -> Iterator[tuple[str, str]]:
        at = 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise UnknownFormula(text[at:])
            yield match.lastgroup, match[match.lastgroup]
            at = match.end()

    def result(self) -> Value:
        value = self._comparison()
        if self.at != len(self.tokens):
            raise UnknownFormula(self.text)
        assert not isinstance(value, list)
        return value

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, wanted: str | None = None) -> tuple[str, str]:
        token = self.tokens[self.at]
        if wanted is not None and token[1] != wanted:
            raise UnknownFormula(self.text)
        self.at += 1
        return token

    def _comparison(self) -> Value | Range:
        left = self._joined()
        while self._peek() in ("=", "<>", "<", ">", "<=", ">="):
            sign = self._take()[1]
            left = _compare(self._one(left), sign, self._one(self._joined()))
        return left

    def _joined(self) -> Value | Range:
        left = self._sum()
        while self._peek() == "&":
            self._take()
            left = _text(self._one(left)) + _text(self._one(self._sum()))
        return left

    def _sum(self) -> Value | Range:
        left = self._product()
        while self._peek() in ("+", "-"):
            sign, right = self._take()[1], number(self._one(self._product()))
            left = number(self._one(left)) + (right if sign == "+" else -right)
        return left

    def _product(self) -> Value | Range:
        left = self._signed()
        while self._peek() in ("*", "/"):
            sign, right = self._take()[1], number(self._one(self._signed()))
            left = number(self._one(left)) * right if sign == "*" else number(self._one(left)) / right
        return left

    def _signed(self) -> Value | Range:
        if self._peek() == "-":
            self._take()
            return -number(self._one(self._signed()))
        return self._atom()

    def _atom(self) -> Value | Range:
        kind, text = self._take()
        if kind == "number":
            return Fraction(text)
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "cell":
            return self._reference(text)
        if kind == "name":
            return self._call(text)
        if text == "(":
            value = self._comparison()
            self._take(")")
            return value
        raise UnknownFormula(self.text)

    def _reference(self, text: str) -> Value | Range:
        first = _place(text)
        if self._peek() != ":":
            return self.sheet.value(*first)
        self._take()
        last = _place(self._take()[1])
        return [
            self.sheet.value(row, column)
            for row in range(first[0], last[0] + 1)
            for column in range(first[1], last[1] + 1)
        ]

    def _call(self, name: str) -> Value:
        self._take("(")
        if name == "IF":
            return self._if()
        given: list[Value | Range] = []
        while self._peek() != ")":
            given.append(self._comparison())
            if self._peek() == ",":
                self._take()
        self._take(")")
        return self._function(name, given)

    def _if(self) -> Value:
        """Only the branch that is chosen is computed: the other may divide by zero."""
        test = self._one(self._comparison())
        self._take(",")
        if test:
            value = self._one(self._comparison())
            self._take(",")
            self._skip()
        else:
            self._skip()
            self._take(",")
            value = self._one(self._comparison())
        self._take(")")
        return value

    def _skip(self) -> None:
        depth = 0
        while depth or self._peek() not in (",", ")"):
            depth += {"(": 1, ")": -1}.get(self._peek(), 0)
            self._take()

    def _function(self, name: str, given: list[Value | Range]) -> Value:
        flat = [value for each in given for value in (each if isinstance(each, list) else [each])]
        if name == "SUM":
            return sum((value for value in flat if isinstance(value, Fraction)), Fraction())
        if name == "COUNTA":
            return Fraction(sum(value is not None for value in flat))
        if name in ("AND", "OR"):
            return (all if name == "AND" else any)(bool(value) for value in flat)
        if name in ("ROUND", "ROUNDDOWN"):
            return _rounded(number(flat[0]), int(number(flat[1])), name == "ROUND")
        if name == "COUNTIFS":
            return self._count(given)
        raise UnknownFormula(name)

    def _count(self, given: list[Value | Range]) -> Fraction:
        ranges, criteria = given[::2], given[1::2]
        assert all(isinstance(each, list) for each in ranges)
        rows = zip(*ranges, strict=True)
        tests = [self._one(criterion) for criterion in criteria]
        return Fraction(sum(all(map(_meets, row, tests)) for row in rows))

    def _one(self, value: Value | Range) -> Value:
        if isinstance(value, list):
            raise UnknownFormula(f"a range where one value belongs: {self.text}")
        return value
