"""The pinyin initials of Chinese words, for type-ahead: yushuijinggai → ysjg.

GB 2312 orders its 3,755 common characters by pinyin, so the letter of a character follows from its place in that set.
The others are ordered by radical: those that classes of problems use are listed here.
"""

from bisect import bisect_right

_FIRST = (  # where each letter's characters begin in GB 2312; no syllable begins with i, u or v
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
_PLACES = tuple(place for place, _letter in _FIRST)
_COMMON_END = 0xD7F9
_RARE = dict(zip("箅匾褚衢圩甬泸", "bbcqwyl", strict=True))
_SPOKEN = {"行": "xh", "重": "zc", "长": "cz", "调": "td", "乐": "ly", "车": "cj", "厦": "xs", "传": "cz"}


def letters_of(character: str) -> str:
    """The letters a character's reading may begin with; a letter or digit is its own, anything else gives none."""
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    if character in _SPOKEN:
        return _SPOKEN[character]
    if character in _RARE:
        return _RARE[character]
    try:
        place = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    return _FIRST[bisect_right(_PLACES, place) - 1][1] if _PLACES[0] <= place <= _COMMON_END else ""


def initials(words: str) -> str:
    """One reading of the words: its usual initials."""
    return "".join(letters_of(character)[:1] for character in words)
