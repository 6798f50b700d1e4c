"""The container files: linted, and every command in them run as it stands, without an engine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from jobs.daemon.health_server import HealthServer, Pulse, Readiness
from jobs.settings import ENVIRONMENT_PREFIX, Settings
from tests.container_engine import Engine, Image, engine, instructions
from tests.postgres import OwnServer, own_server

ROOT = Path(__file__).parent.parent
DOCKERFILE = ROOT / "Dockerfile"
COMPOSE = ROOT / "docker-compose.yml"
PASSWORD = "p@ss/word: with 'signs'"
OURS = ("migrate", "sinorus", "small")


def tool(name: str) -> str:
    """A command of the environment that the tests run in."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip(f"container files not linted: {name} is missing")
    return found


def services(**environment: str) -> dict[str, Any]:
    """The compose file's services, variables in its values replaced as compose does it."""

    def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: replaced(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [replaced(entry) for entry in value]
        if not isinstance(value, str):
            return value
        rest = re.sub(r"\$\{(\w+):-([^}]*)\}", "", value)
        assert "$" not in rest, "only ${NAME:-default} is understood here"
        return re.sub(
            r"\$\{(\w+):-([^}]*)\}", lambda match: environment.get(match[1]) or match[2], value
        )

    found: dict[str, Any] = replaced(yaml.safe_load(COMPOSE.read_text("utf-8"))["services"])
    return found


# What the files say.


def test_the_dockerfile_has_no_fault() -> None:
    ran = subprocess.run([tool("hadolint"), str(DOCKERFILE)], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, b"")
    assert "hadolint ignore" not in DOCKERFILE.read_text("utf-8")


def check_compose(path: Path) -> subprocess.CompletedProcess[str]:
    command = [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_compose_file_meets_the_specification(tmp_path: Path) -> None:
    assert check_compose(COMPOSE).returncode == 0
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(COMPOSE.read_text("utf-8").replace("depends_on:", "depend_on:", 1), "utf-8")
    found = check_compose(broken)
    assert found.returncode == 1
    assert "depend_on" in found.stdout


def test_images_are_of_a_major_version_and_the_python_is_one_we_support() -> None:
    lines = list(instructions(DOCKERFILE.read_text("utf-8")))
    images = {rest.partition(" AS ")[0] for word, rest in lines if word == "FROM"}
    (python,) = images
    assert re.fullmatch(r"python:3\.\d+-slim", python)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lowest = int(project["project"]["requires-python"].removeprefix(">=3."))
    assert int(python.split(".")[1].partition("-")[0]) >= lowest
    assert re.fullmatch(r"postgres:\d+", services()["db"]["image"])


def test_what_builds_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    locked = (ROOT / "requirements-build.lock").read_text("utf-8")
    for needed in project["build-system"]["requires"]:
        assert f"'{needed}'" in locked.splitlines()[1], "made from what pyproject.toml names"
        assert re.search(rf"^{needed.partition('>')[0]}==\S+ \\$", locked, re.MULTILINE)


@pytest.mark.parametrize("name", OURS)
def test_our_services_may_do_little(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "ports" not in service, "nothing is published by default"
    if name != "migrate":
        assert service["restart"] == "unless-stopped"
        assert int(service["stop_grace_period"].removesuffix("s")) > 20
        assert service["volumes"] == ["data:/data"]


def test_the_daemon_waits_for_the_schema_and_the_small_one_for_nothing() -> None:
    found = services()
    healthy = {"condition": "service_healthy"}
    done = {"condition": "service_completed_successfully"}
    assert found["sinorus"]["depends_on"] == {"db": healthy, "migrate": done}
    assert found["migrate"]["depends_on"] == {"db": healthy}
    assert "depends_on" not in found["small"]
    assert found["small"]["profiles"] == ["small"]
    assert "SINORUS_DATABASE_URL" not in found["small"]["environment"], "SQLite in /data"


def test_there_is_no_secret_in_the_file() -> None:
    found = services()
    assert found["db"]["environment"]["POSTGRES_PASSWORD"] == ""
    assert found["sinorus"]["environment"]["PGPASSWORD"] == ""
    found = services(SINORUS_DB_PASSWORD=PASSWORD)
    assert found["db"]["environment"]["POSTGRES_PASSWORD"] == PASSWORD
    assert found["migrate"]["environment"]["PGPASSWORD"] == PASSWORD


def test_every_variable_of_ours_is_a_setting() -> None:
    for service in services().values():
        for name in service["environment"]:
            if name.startswith(ENVIRONMENT_PREFIX):
                assert name.removeprefix(ENVIRONMENT_PREFIX).lower() in Settings.model_fields


# The image, built; every line that runs something is run.


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine(tmp_path_factory.mktemp("engine")) as made:
        yield made


@pytest.fixture(scope="module")
def image(machine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Image:
    context = tmp_path_factory.mktemp("context")
    wanted, rules = set(), (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for rule in rules:
        if rule.startswith("!"):
            wanted.add(rule[1:])
        else:
            assert rule in ("*", "**/__pycache__") or rule.startswith("#"), rule
    for name in wanted:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, context / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, context)
    shutil.copy(DOCKERFILE, context)
    return machine.build(context / "Dockerfile")


class Container:
    """Containers of the image with one volume."""

    def __init__(self, machine: Engine, image: Image, folder: Path) -> None:
        self.machine = machine
        self.image = image
        self.volume = machine.volume(image, folder / "data")
        self.mounts: dict[Path, str] = {self.volume: image.volumes[0]}

    def start(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        line = self.machine.container(self.image, command, env or {}, mounts=self.mounts)
        pipe = subprocess.PIPE
        return subprocess.Popen(line, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def run(
        self, *command: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        process = self.start(*command, env=env)
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def sinorus(
        self, *arguments: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return self.run(*self.image.entrypoint, *arguments, env=env)


@pytest.fixture
def container(machine: Engine, image: Image, tmp_path: Path) -> Container:
    return Container(machine, image, tmp_path)


def test_it_runs_as_nobody_in_particular_and_writes_only_where_it_may(container: Container) -> None:
    written = (
        "id -u; id -g; for d in / /opt/sinorus /usr /etc /tmp /data; do touch $d/x && echo $d; done"
    )
    found = container.run("/bin/sh", "-c", written)
    assert found.stdout.split() == ["10001", "10001", "/tmp", "/data"]
    status = container.run("cat", "/proc/self/status").stdout
    assert re.search(r"^CapBnd:\t0+$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\t1$", status, re.MULTILINE)
    assert container.image.user.split(":")[0] == "10001", "a number: it is checked at start"


def test_no_tool_that_builds_is_left(container: Container) -> None:
    found = container.run("ls", "/opt/sinorus/bin").stdout.split()
    assert "sinorus" in found
    assert not {"pip", "uv", "hatchling"} & set(found)
    modules = (
        "import importlib.util as u; print([n for n in ('pip', 'hatchling') if u.find_spec(n)])"
    )
    assert container.run("python", "-c", modules).stdout == "[]\n"
    assert not container.run("ls", "/src").stdout


def test_the_command_works_and_knows_its_files(container: Container) -> None:
    assert container.sinorus("--version").stdout.startswith("sinorus ")
    outlets = container.sinorus("outlets", "--json")
    assert outlets.returncode == 0
    assert '"scmp"' in outlets.stdout


def test_a_whole_crawl_fits_into_a_read_only_root(container: Container) -> None:
    ran = container.sinorus("demo", "--json")
    assert ran.returncode == 0, ran.stderr
    articles = container.sinorus("articles", "--json")
    assert articles.returncode == 0
    assert container.volume.joinpath("sinorus.db").stat().st_uid == 10001


@pytest.fixture
def health() -> Iterator[tuple[HealthServer, dict[str, str], list[float]]]:
    """A daemon's answers, where to ask for them, and how long its loop has been silent."""
    seconds = [0.0]
    with HealthServer(
        "127.0.0.1",
        0,
        pulse=Pulse(30, lambda: seconds[0]),
        readiness=lambda: Readiness("leading"),
        metrics=lambda: b"",
    ) as server:
        yield server, {"SINORUS_HEALTH_PORT": str(server.address[1])}, seconds


@pytest.mark.parametrize("name", ["sinorus", "small"])
def test_the_health_check(
    container: Container, health: tuple[HealthServer, dict[str, str], list[float]], name: str
) -> None:
    server, where, seconds = health
    environment = environment_of(name, where)
    assert container.run(*container.image.healthcheck, env=environment).returncode == 0
    seconds[0] = 31
    found = container.run(*container.image.healthcheck, env=environment)
    assert found.returncode == 1
    assert "has not turned" in found.stderr
    server.stop()
    assert container.run(*container.image.healthcheck, env=environment).returncode == 1


# The services' commands, on a PostgreSQL with the password asked for.


def environment_of(name: str, more: Mapping[str, str]) -> dict[str, str]:
    """The service's own, the host `db` replaced by a socket."""
    found = services(SINORUS_DB_PASSWORD=PASSWORD, SINORUS_CONTACT="desk@newsroom.example")
    values = {key: str(value) for key, value in found[name]["environment"].items()}
    if address := values.get("SINORUS_DATABASE_URL"):
        assert "@db/" in address
        values["SINORUS_DATABASE_URL"] = address.replace("@db/", "@/") + "?host=/run/postgresql"
    return {**values, **more}


@pytest.fixture
def db() -> Iterator[OwnServer]:
    """As the image makes it: a user and a database of the names set, the password demanded."""
    environment = services(SINORUS_DB_PASSWORD=PASSWORD)["db"]["environment"]
    user, name = environment["POSTGRES_USER"], environment["POSTGRES_DB"]
    with own_server() as server:
        admin = server.url.replace("+psycopg", "")
        with psycopg.connect(admin, autocommit=True) as connection:
            role = psycopg.sql.SQL("CREATE ROLE {} SUPERUSER LOGIN PASSWORD {}")
            password = psycopg.sql.Literal(environment["POSTGRES_PASSWORD"])
            connection.execute(role.format(psycopg.sql.Identifier(user), password))
            connection.execute(f"CREATE DATABASE {name} OWNER {user}")
            rules = server.directory / "pg_hba.conf"
            rules.write_text("local all postgres trust\nlocal all all scram-sha-256\n")
            connection.execute("SELECT pg_reload_conf()")
        yield server


def programs_of(server: OwnServer) -> dict[str, str]:
    """The environment that its own programs have in its container."""
    return {"PATH": str(server.programs), "PGHOST": str(server.directory)}


def socket_of(server: OwnServer) -> Path:
    return server.directory / ".s.PGSQL.5432"


@pytest.fixture
def beside_db(container: Container, db: OwnServer) -> Container:
    """A container that the database's socket is bound into."""
    place = "/run/postgresql/.s.PGSQL.5432"
    container.machine.do("install", "-D", "/dev/null", f"{container.image.root}{place}")
    container.mounts[socket_of(db)] = place
    return container


def test_the_schema_is_made_by_the_one_shot_service(beside_db: Container) -> None:
    command, environment = services()["migrate"]["command"], environment_of("migrate", {})
    for _ in range(2):  # at every start of the whole
        ran = beside_db.sinorus(*command, env=environment)
        assert ran.returncode == 0, ran.stderr
        assert "is at" in ran.stderr
    status = beside_db.sinorus("status", "--json", env=environment_of("sinorus", {}))
    assert status.returncode == 0, status.stderr


def test_the_commands_in_the_comments(beside_db: Container, db: OwnServer) -> None:
    environment = environment_of("sinorus", {})
    assert beside_db.sinorus(*services()["migrate"]["command"], env=environment).returncode == 0
    shown = re.findall(
        r"^# +docker compose (?:exec sinorus sinorus|run --rm sinorus) (.*)",
        COMPOSE.read_text("utf-8"),
        re.MULTILINE,
    )
    assert len(shown) >= 2
    for line in shown:
        ran = beside_db.sinorus(*line.split(), env=environment)
        assert ran.returncode == 0, ran.stderr
    (dump,) = re.findall(r"docker compose exec db (.*) >", COMPOSE.read_text("utf-8"))
    where = {**programs_of(db), "PGPASSWORD": PASSWORD}
    ran = subprocess.run(dump.split(), env=where, capture_output=True, check=False)
    assert b"CREATE TABLE public.articles" in ran.stdout


def test_a_wrong_password_is_a_sentence_without_it(beside_db: Container) -> None:
    environment = environment_of("migrate", {"PGPASSWORD": "wr0ng"})
    ran = beside_db.sinorus(*services()["migrate"]["command"], env=environment)
    assert ran.returncode in (1, 2)
    assert "password" in ran.stderr
    assert "wr0ng" not in ran.stderr


def test_the_databases_health_check(db: OwnServer) -> None:
    word, *command = services()["db"]["healthcheck"]["test"]
    assert word == "CMD"

    def is_healthy() -> bool:
        return subprocess.run(command, env=programs_of(db), check=False).returncode == 0

    assert is_healthy()
    db.stop()
    assert not is_healthy()
    db.start()


OUTLET = """
[[outlet]]
id = "desk"
name = "Desk"
language = "en"
timezone = "UTC"
home = "http://127.0.0.1:9/"
feeds = ["http://127.0.0.1:9/feed"]
"""


def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


@pytest.mark.parametrize("name", ["sinorus", "small"])
def test_the_daemon_runs_is_healthy_and_stops_in_its_time(
    name: str, request: pytest.FixtureRequest
) -> None:
    container: Container = request.getfixturevalue("container" if name == "small" else "beside_db")
    (container.volume / "outlets.toml").write_text(OUTLET)
    more = {"SINORUS_OUTLETS_FILE": "outlets.toml", "SINORUS_HEALTH_PORT": free_port()}
    environment, service = environment_of(name, more), services()[name]
    for dependency in service.get("depends_on", {}):
        if command := services()[dependency].get("command"):
            assert container.sinorus(*command, env=environment).returncode == 0
    process = container.start(*container.image.entrypoint, *service["command"], env=environment)
    try:
        deadline = time.monotonic() + 60
        while container.run(*container.image.healthcheck, env=environment).returncode:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, "it never became healthy"
        process.send_signal(signal.SIGTERM)
        grace = int(service["stop_grace_period"].removesuffix("s"))
        _, err = process.communicate(timeout=grace)
        assert process.returncode == 0, err
    finally:
        process.kill()
        process.communicate()


def test_the_images_own_command_is_the_services(image: Image) -> None:
    assert image.command == services()["sinorus"]["command"] == services()["small"]["command"]


def test_nothing_of_this_machine_decides(image: Image) -> None:
    """The services' environment is the whole of it."""
    assert set(image.env) == {"PATH", "PYTHONDONTWRITEBYTECODE"}
    assert os.environ.get("PATH") != image.env["PATH"]
