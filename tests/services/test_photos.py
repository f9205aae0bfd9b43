"""Photos: only their pixels are kept, and nothing that is no photo."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from domain.refusals import Refusal
from services.photos import LARGEST_BYTES, LONGEST_EDGE, SMALL_EDGE, PhotoShelf

SECRET = b"19.05.2026 GPS 116.2"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 40), **options: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    drawn = Image.new("RGB", size, "blue")
    drawn.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def with_secrets(turn: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = turn, "Maker", SECRET.decode()
    return picture(exif=exif, comment=SECRET, icc_profile=b"profile of a device")


@pytest.fixture
def shelf(tmp_path: Path) -> PhotoShelf:
    return PhotoShelf(tmp_path / "photos")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_is_kept_as_a_plain_jpeg_with_a_small_copy(shelf: PhotoShelf, kind: str) -> None:
    photo = shelf.keep(picture(kind, (1200, 900)), "现场.jpg")
    path, small = shelf.path(photo.digest), shelf.path(photo.digest, small=True)
    assert path
    assert small
    with Image.open(path) as kept, Image.open(small) as reduced:
        assert (kept.format, kept.size, (photo.width, photo.height)) == ("JPEG", (1200, 900), (1200, 900))
        assert max(reduced.size) == SMALL_EDGE
    assert photo.size == path.stat().st_size
    assert path.name == f"{photo.digest.hex()}.jpg"
    assert path.parent.name == photo.digest.hex()[:2]


def test_what_a_telephone_writes_into_a_picture_is_not_kept(shelf: PhotoShelf) -> None:
    given = with_secrets()
    assert SECRET in given
    assert b"Maker" in given
    photo = shelf.keep(given, "a.jpg")
    for small in (False, True):
        path = shelf.path(photo.digest, small=small)
        assert path
        kept = path.read_bytes()
        assert not any(word in kept for word in (SECRET, b"Maker", b"Exif", b"profile of a device"))


def test_the_turn_a_picture_asks_for_is_made_and_forgotten(shelf: PhotoShelf) -> None:
    photo = shelf.keep(with_secrets(turn=6), "a.jpg")  # 6 = turn it clockwise: the left edge becomes the top
    assert (photo.width, photo.height) == (40, 64)
    path = shelf.path(photo.digest)
    assert path
    with Image.open(path) as kept:
        red, _green, blue = kept.getpixel((20, 4))  # type: ignore[misc]
        assert red > 200 > blue
        assert not kept.getexif()


def test_a_transparent_picture_lies_on_white(shelf: PhotoShelf) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    path = shelf.path(shelf.keep(out.getvalue(), "a.png").digest)
    assert path
    with Image.open(path) as kept:
        assert min(kept.getpixel((4, 4))) > 250  # type: ignore[arg-type]


def test_a_large_picture_is_scaled_down(shelf: PhotoShelf) -> None:
    photo = shelf.keep(picture(size=(LONGEST_EDGE + 1000, 500)), "a.jpg")
    assert photo.width <= LONGEST_EDGE
    assert photo.height < 500


def bomb(side: int) -> bytes:
    """A small PNG file that says it is `side` pixels wide and high."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是可用的照片"),
        (b"<script>alert(1)</script>", "不是可用的照片"),
        (b"%PDF-1.7 not a photo", "不是可用的照片"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "不是可用的照片"),
        (picture("GIF"), "不是可用的照片"),
        (picture("TIFF"), "不是可用的照片"),
        (picture()[:200], "不是可用的照片"),
        (picture("PNG")[:60], "不是可用的照片"),
        (b"\xff\xd8\xff" + bytes(300), "不是可用的照片"),
        (bytes(LARGEST_BYTES + 1), "超过 12 MB"),
        (bomb(7000), "像素太多"),
        (bomb(12_000), "像素太多"),
        (bomb(60_000), "像素太多"),
    ],
)
def test_what_is_no_photo_is_refused_by_name_and_leaves_nothing(shelf: PhotoShelf, content: bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        shelf.keep(content, "坏文件\n.jpg")
    assert said in refused.value.what
    assert refused.value.where == "“坏文件.jpg”"
    assert not list(shelf.folder.rglob("*"))


def test_the_same_picture_is_kept_once(shelf: PhotoShelf) -> None:
    assert shelf.keep(picture(), "a.jpg") == shelf.keep(picture(), "b.jpg")
    assert len([path for path in shelf.folder.rglob("*") if path.is_file()]) == 2


def test_a_photo_whose_file_is_gone_is_none(shelf: PhotoShelf) -> None:
    assert shelf.path(bytes(32)) is None
