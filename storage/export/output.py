"""Where exports go: a file that appears whole or not at all, a pipe, standard output."""

from __future__ import annotations

import io
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, Literal, TextIO

from crawler.errors import ConfigurationError
from storage.errors import StorageError

STANDARD_OUTPUT = "-"
TEMPORARY_NAME_RANDOM_BYTES = 4
# What `open` gives a new file; the umask takes its part.
NEW_FILE_MODE = 0o666

Mode = Literal["w", "wb"]
_HOW_TO_OPEN: dict[Mode, dict[str, Any]] = {"w": {"encoding": "utf-8", "newline": ""}, "wb": {}}


@contextmanager
def open_output(path: str | Path | None) -> Iterator[TextIO]:
    """A text stream in UTF-8: standard output for null or `-`, else a file.

    The file appears under its name when all is written and on the disk, never in part; a
    file that was there before stays until then. Raises StorageError with the reason.
    """
    if is_standard_output(path):
        if isinstance(sys.stdout, io.TextIOWrapper):  # whatever encoding the terminal has
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        sys.stdout.flush()
        return
    with _file(Path(path or ""), "w") as stream:
        yield stream


@contextmanager
def open_binary_output(path: str | Path | None) -> Iterator[BinaryIO]:
    """As `open_output`, for bytes. Raises ConfigurationError for a terminal."""
    if is_standard_output(path):
        _refuse_terminal(sys.stdout)
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with _file(Path(path or ""), "wb") as stream:
        _refuse_terminal(stream)
        yield stream


def is_standard_output(path: str | Path | None) -> bool:
    """Whether that is what a null or `-` for a path means."""
    return path is None or str(path) == STANDARD_OUTPUT


def _refuse_terminal(stream: IO[Any]) -> None:
    if stream.isatty():
        raise ConfigurationError(
            "output: this format is no text and a terminal cannot show it;"
            " name a file with --output FILE, or pipe it into a program"
        )


@contextmanager
def _file(path: Path, mode: Mode) -> Iterator[Any]:
    """The stream is text or bytes as `mode` says."""
    try:
        target = path.resolve()  # a symbolic link stays one
        opened = _special_file(target, mode) if _is_special(target) else _new_file(target, mode)
        with opened as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageError(f"output: {path} cannot be written: {error.strerror}") from error


def _is_special(target: Path) -> bool:
    """A pipe or a device: to rename a file over it would replace it."""
    return target.exists() and not target.is_file() and not target.is_dir()


def _special_file(target: Path, mode: Mode) -> IO[Any]:
    return target.open(mode, **_HOW_TO_OPEN[mode])


@contextmanager
def _new_file(target: Path, mode: Mode) -> Iterator[IO[Any]]:
    if target.is_dir():
        raise IsADirectoryError(None, "it is a directory")
    unique = secrets.token_hex(TEMPORARY_NAME_RANDOM_BYTES)
    temporary = target.with_name(f".{target.name}.{unique}.part")
    try:
        # Within: an interrupt may come as soon as the file is there.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, NEW_FILE_MODE)
        with os.fdopen(descriptor, mode, **_HOW_TO_OPEN[mode]) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except FileExistsError:  # another's
        raise
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
