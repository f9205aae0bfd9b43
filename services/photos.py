"""Photos of a case: taken in by their content, drawn anew without anything but their pixels, kept under their hash.

What a telephone writes into a picture (where it was taken, when, by which device) never reaches the disk: only the
pixels are copied, after the turn that the picture itself asks for.
"""

import hashlib
import io
import os
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.refusals import Refusal

if TYPE_CHECKING:
    from PIL import Image

LARGEST_BYTES = 12 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
LONGEST_EDGE = 4096  # of what is kept: an A3 print; larger ones are scaled down
SMALL_EDGE = 480
MOST_AT_ONCE = 6
LARGEST_REQUEST = MOST_AT_ONCE * LARGEST_BYTES + 64 * 1024
QUALITY = 85
TAKEN = ("JPEG", "PNG", "WEBP")
KEPT = "image/jpeg"


@dataclass(frozen=True)
class Photo:
    """A picture that is on the shelf: `digest` is the SHA-256 of its bytes there."""

    digest: bytes
    width: int
    height: int
    size: int  # bytes


class PhotoShelf:
    """The photos under one folder. `<aa>/<sha256>.jpg`, and `.small.jpg` beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._one_at_a_time = threading.Lock()  # a large picture takes a hundred megabytes while it is open

    def keep(self, content: bytes, name: str) -> Photo:
        """Draws the picture anew and keeps it. Raises Refusal naming the file when it is none or too large."""
        with self._one_at_a_time:
            picture, small = _developed(content, name)
        digest = hashlib.sha256(picture.data).digest()
        self._write(self._path(digest, small=True), small.data)
        self._write(self._path(digest), picture.data)
        return Photo(digest, picture.width, picture.height, len(picture.data))

    def path(self, digest: bytes, *, small: bool = False) -> Path | None:
        """Where the photo lies; None when the file is gone."""
        path = self._path(digest, small=small)
        return path if path.is_file() else None

    def _path(self, digest: bytes, *, small: bool = False) -> Path:
        name = digest.hex()
        return self.folder / name[:2] / f"{name}{'.small' if small else ''}.jpg"

    def _write(self, path: Path, data: bytes) -> None:
        """All of it or nothing: the same picture may be kept by two requests at once."""
        if path.is_file():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
        half.write_bytes(data)
        os.replace(half, path)


@dataclass(frozen=True)
class _Drawn:
    data: bytes
    width: int
    height: int


def _developed(content: bytes, name: str) -> tuple[_Drawn, _Drawn]:
    """The picture and its small copy."""
    if len(content) > LARGEST_BYTES:
        raise too_large(name)
    from PIL import Image, ImageOps  # loaded by the first photo: most processes never see one

    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=TAKEN) as opened:
            if opened.width * opened.height > LARGEST_PIXELS:
                raise _too_many_pixels(name)
            opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            opened.load()
            turned = ImageOps.exif_transpose(opened)
        picture = _pixels_alone(turned)
    except bombs as error:
        raise _too_many_pixels(name) from error
    except (OSError, SyntaxError, ValueError, TypeError, EOFError) as error:  # what decoders say of a broken file
        raise Refusal(
            "这个文件不是可用的照片", f"“{_shown(name)}”", "请上传 JPEG、PNG 或 WebP 照片。没有保存任何内容。"
        ) from error
    large = _drawn(picture, LONGEST_EDGE)
    return large, _drawn(picture, SMALL_EDGE)


def _pixels_alone(picture: "Image.Image") -> "Image.Image":
    """A new picture with these pixels on white: no comment, no profile, no place, no transparency."""
    from PIL import Image

    shown = picture.convert("RGBA")
    clean = Image.new("RGB", shown.size, "white")
    clean.paste(shown, mask=shown.getchannel("A"))
    return clean


def _drawn(picture: "Image.Image", longest: int) -> _Drawn:
    fitting: Any = picture
    if max(picture.size) > longest:
        fitting = picture.copy()
        fitting.thumbnail((longest, longest))
    out = io.BytesIO()
    fitting.save(out, "JPEG", quality=QUALITY)
    return _Drawn(out.getvalue(), fitting.width, fitting.height)


def too_large(name: str) -> Refusal:
    return Refusal(
        f"照片超过 {LARGEST_BYTES // 1024 // 1024} MB", f"“{_shown(name)}”", "请缩小后再传。没有保存任何内容。"
    )


def _too_many_pixels(name: str) -> Refusal:
    then = f"一张照片最多 {LARGEST_PIXELS // 10_000:,} 万像素，请缩小后再传。没有保存任何内容。"
    return Refusal("照片的像素太多", f"“{_shown(name)}”", then)


def _shown(name: str) -> str:
    """A file's name as a sentence can hold it."""
    return "".join(character for character in name if character.isprintable())[:60] or "未命名"
