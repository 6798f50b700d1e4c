"""What a container engine does with a Dockerfile, done with the kernel's own means.

Every stage is a layer laid over this machine's files: a `RUN` line is run as it stands, as root,
in a root directory of its own, and what it writes is gone with the test. A container is that
root made read-only, under the image's user, without capabilities. What it cannot show: a file of
this machine that the base image lacks. Python and pip stand where the image has them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_STEP_SECONDS = 600  # the longest installs all that is locked
_READY = b"ready\n"
_PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
# Where system programs are is not on every path: a shell of cron or of CI has it without sbin.
CHROOT = shutil.which("chroot", path=_PATH) or "chroot"
_UNPRIVILEGED = ["--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]


@dataclass
class Image:
    """A stage that was built, and what the file says of its containers."""

    root: Path
    env: dict[str, str] = field(default_factory=lambda: {"PATH": _PATH})
    workdir: str = "/"
    user: str = "0:0"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)
    base: str = ""

    def note(self, word: str, rest: str) -> None:
        """An instruction that only says how a container is run."""
        match word:
            case "WORKDIR":
                self.workdir = rest
            case "ENV":
                for name, value in re.findall(r"(\w+)=(\S+)", rest):
                    self.env[name] = value.replace("$PATH", self.env["PATH"])
            case "USER":
                self.user = rest
            case "VOLUME":
                self.volumes.append(rest)
            case "ENTRYPOINT":
                self.entrypoint = json.loads(rest)
            case "CMD":
                self.command = json.loads(rest)
            case "HEALTHCHECK":
                self.healthcheck = json.loads(rest.partition("CMD ")[2])
            case _:
                assert word in ("LABEL", "EXPOSE"), f"{word} is not understood"


class Engine:
    """A mount namespace with room for layers. It ends with the process that holds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._holder = subprocess.Popen(
            [
                "unshare",
                "--mount",
                "sh",
                "-c",
                f"mount -t tmpfs tmpfs {folder} && echo ready && cat",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._holder.stdout
        self.is_able = self._holder.stdout.readline() == _READY

    def close(self) -> None:
        self._holder.communicate()

    def inside(self, *command: str) -> list[str]:
        """The command line that runs that one in the namespace."""
        return ["nsenter", f"--target={self._holder.pid}", "--mount", "--", *command]

    def do(self, *command: str) -> str:
        """Runs it to its end, which must be a good one."""
        ran = subprocess.run(
            self.inside(*command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_STEP_SECONDS,
            check=False,
        )
        assert ran.returncode == 0, f"{command}\n{ran.stdout[-3000:]}\n{ran.stderr[-3000:]}"
        return ran.stdout

    def build(self, dockerfile: Path) -> Image:
        """The last stage, every line of the file carried out."""
        stages: dict[str, Image] = {}
        image = Image(self.folder)
        for word, rest in instructions(dockerfile.read_text("utf-8")):
            if word == "FROM":
                base, _, name = rest.partition(" AS ")
                image = self._base(name or str(len(stages)), base)
                stages[name or str(len(stages))] = image
            else:
                self._carry_out(image, word, rest, stages, dockerfile.parent)
        return image

    def _base(self, name: str, base: str) -> Image:
        layer = self.folder / name
        root = layer / "root"
        parts = [str(layer / part) for part in ("upper", "work", "root")]
        self.do("mkdir", "-p", *parts)
        options = f"lowerdir=/,upperdir={parts[0]},workdir={parts[1]}"
        self.do("mount", "-t", "overlay", "overlay", "-o", options, str(root))
        self.do("mount", "--rbind", "/dev", f"{root}/dev")
        self.do("mount", "-t", "proc", "proc", f"{root}/proc")
        # The base image's Python, for any user.
        for parent in Path(sys.base_prefix).parents:
            self.do(CHROOT, str(root), "chmod", "o+x", str(parent))
        python = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
        self.do(CHROOT, str(root), str(python), "-m", "venv", "/usr/local")
        return Image(root, base=base)

    def _carry_out(
        self, image: Image, word: str, rest: str, stages: Mapping[str, Image], context: Path
    ) -> None:
        if word == "RUN":
            self.do(*_in(image, ["/bin/sh", "-c", rest], _of_pip()))
        elif word == "COPY":
            self._copy(image, rest.split(), stages, context)
        else:
            image.note(word, rest)
            self.do("mkdir", "-p", f"{image.root}{image.workdir}")

    def _copy(
        self, image: Image, words: list[str], stages: Mapping[str, Image], context: Path
    ) -> None:
        *sources, target = [word for word in words if not word.startswith("--")]
        stage = words[0].removeprefix("--from=") if words[0].startswith("--from=") else None
        place = os.path.normpath(Path(image.workdir, target))
        for source in sources:
            path = Path(f"{stages[stage].root}{source}" if stage else context / source)
            is_folder = stage is not None or path.is_dir()
            if not is_folder:
                self.do(
                    "install", "-D", "-m", "0644", str(path), f"{image.root}{place}/{path.name}"
                )
                continue
            self.do("mkdir", "-p", f"{image.root}{place}")
            self.do("cp", "-a", f"{path}/.", f"{image.root}{place}")

    def container(
        self,
        image: Image,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        mounts: Mapping[Path, str],
    ) -> list[str]:
        """The command line of a container: read-only but for /tmp and `mounts`, unprivileged.

        The process that it starts is the container's own: signals reach it.
        """
        root = str(image.root)
        steps = ["set -e", f"mount --rbind {root} {root}", f"mount -o remount,bind,ro {root}"]
        steps.append(f"mount -t tmpfs -o mode=1777,noexec,nosuid,nodev tmpfs {root}/tmp")
        steps += [f"mount --bind {source} {root}{target}" for source, target in mounts.items()]
        user, group = image.user.split(":")
        as_user = ["setpriv", f"--reuid={user}", f"--regid={group}", *_UNPRIVILEGED]
        words = _in(image, command, {**image.env, **env}, as_user)
        steps.append(f"exec {' '.join(map(_quoted, words))}")
        return self.inside("unshare", "--mount", "sh", "-c", "\n".join(steps))

    def volume(self, image: Image, folder: Path) -> Path:
        """A new volume, as an engine makes it: of what the image has there."""
        (source,) = image.volumes
        self.do("cp", "-a", f"{image.root}{source}", str(folder))
        return folder


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Each instruction of a Dockerfile, its lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word:
            yield word, re.sub(r" {2,}", " ", rest.strip())


def _in(
    image: Image, command: Sequence[str], env: Mapping[str, str], through: Sequence[str] = ()
) -> list[str]:
    words = [f"{name}={value}" for name, value in {**image.env, **env}.items()]
    return [
        *(CHROOT, str(image.root), *through),
        *("env", "--ignore-environment", f"--chdir={image.workdir}", *words, *command),
    ]


def _of_pip() -> dict[str, str]:
    """Where packages come from is the machine's to say, as an engine's proxy is."""
    names = ("PIP_", "HTTP", "http", "NO_PROXY", "no_proxy", "SSL_", "REQUESTS_")
    found = {name: value for name, value in os.environ.items() if name.startswith(names)}
    return {**found, "HOME": os.environ.get("HOME", "/root")}


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """Skips the test, and says so, where the system lets us make no root of our own."""
    if os.geteuid() or not (shutil.which("unshare") and shutil.which("setpriv")):
        pytest.skip("container files not run: that needs root and util-linux")
    made = Engine(folder)
    try:
        if not made.is_able:
            pytest.skip("container files not run: this system allows no mounts")
        yield made
    finally:
        made.close()
