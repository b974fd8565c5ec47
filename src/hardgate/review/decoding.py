"""The bytes of a settings file as text: UTF-8, with or without a byte order mark.

>>> decoded("policy.yaml", "owner: 李伟".encode())
'owner: 李伟'
"""

from pathlib import Path

from hardgate.core.errors import Misconfigured, Mistake


def content_of(path: Path) -> bytes:
    """Return the bytes of a settings file.

    Raises:
        Misconfigured: there is no such file.

    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        mistake = Mistake("this file does not exist", path.name, suggestion="hardgate init writes one")
        raise Misconfigured([mistake]) from error


def decoded(file: str, content: bytes) -> str:
    """Return bytes as text.

    Raises:
        Misconfigured: they are not UTF-8.

    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        mistake = Mistake("this is not UTF-8", file, line, column, suggestion="save the file in UTF-8")
        raise Misconfigured([mistake]) from error
