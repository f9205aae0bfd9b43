"""The secret that signs sessions: from the settings, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

from domain.refusals import Refusal

SHORTEST = 32


def session_secret(given: str | None, folder: Path) -> str:
    """Raises Refusal when the given one is short, or the file can neither be read nor made."""
    if given is not None:
        if len(given) < SHORTEST:
            raise Refusal("会话密钥太短", "GRIDWALL_SECRET", f"请用至少 {SHORTEST} 个随机字符。")
        return given
    path = folder / "secret"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise Refusal("会话密钥读不到", f"{path}：{error.strerror}", "请核对数据目录的权限和磁盘空间。") from error


def _make(path: Path) -> None:
    """Whole or not at all, and the first of two processes wins."""
    draft = path.with_name(f"secret.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
