"""Units and image: hardened, minimal, and in step with the program."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.telegram.process import MISSET, STOP_SECONDS

ROOT = Path(__file__).parents[2]
UNITS = ["tsunagari.service", "tsunagari-console.service"]
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectControlGroups": "yes",
    "RestrictSUIDSGID": "yes",
    "RestrictNamespaces": "yes",
    "LockPersonality": "yes",
    "CapabilityBoundingSet": "",
    "SystemCallArchitectures": "native",
    "StateDirectory": "tsunagari",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
    "LimitCORE": "0",
    "User": "tsunagari",
}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STAGES = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]


def unit(name: str) -> dict[str, list[str]]:
    """Every setting of a unit with its values."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "deploy" / name).read_text(encoding="utf-8").splitlines():
        if line[:1] not in {"", "#", "["}:
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_hardened(name: str) -> None:
    settings = unit(name)

    assert {key: settings.get(key, ["?"])[-1] for key in HARDENED} == HARDENED
    assert settings["SystemCallFilter"][0] == "@system-service"
    assert settings["MemoryMax"]
    assert settings["EnvironmentFile"] == ["/etc/tsunagari/env"]
    environment = {value.partition("=")[0] for value in settings["Environment"]}
    assert {name.lower() for name in environment} <= Settings.model_fields.keys()


def test_the_unit_of_the_bot_knows_how_the_bot_ends() -> None:
    settings = unit("tsunagari.service")

    assert settings["ExecStart"][0].endswith("/tsunagari serve")
    assert settings["RestartPreventExitStatus"] == [str(MISSET)]
    assert float(settings["TimeoutStopSec"][0]) > STOP_SECONDS
    assert unit("tsunagari-console.service")["ExecStart"][0].endswith("/tsunagari console")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_a_unit(name: str, tmp_path: Path) -> None:
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    text = re.sub(r"^ExecStart=\S+", f"ExecStart={shutil.which('true')}", text, flags=re.MULTILINE)
    text = re.sub("^(User|Group)=.*", r"\1=root", text, flags=re.MULTILINE)
    (tmp_path / name).write_text(text, encoding="utf-8")
    command = [str(shutil.which("systemd-analyze")), "verify", "--man=no", str(tmp_path / name)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert [line for line in (done.stdout + done.stderr).splitlines() if name in line] == []


def test_the_image_runs_as_nobody_in_particular_with_nothing_to_build() -> None:
    build, final = STAGES
    assert build.startswith("python:3.12-slim AS build\n")
    assert final.startswith("python:3.12-slim\n")
    assert "--require-hashes -r requirements.lock" in build
    assert not re.search(r"\b(pip|apt-get|gcc|make|curl|git) ", final)
    (user,) = re.findall(r"^USER (\d+):\d+$", final, re.MULTILINE)
    assert int(user) >= 1000
    assert final.index("USER ") < final.index("ENTRYPOINT")
    assert re.findall(r"^COPY .*$", final, re.MULTILINE) == ["COPY --from=build /venv /venv"]
    assert 'ENTRYPOINT ["tsunagari"]\nCMD ["serve"]' in final
    assert "HEALTHCHECK" in final


def test_the_image_can_be_read_only_and_holds_no_setting_that_is_secret() -> None:
    final = STAGES[-1]
    block = final.partition("ENV ")[2].partition("\nUSER")[0]
    names = re.findall(r"\b([A-Z_]+)=", block)
    ours = {name for name in names if name.lower() in Settings.model_fields}

    assert ours == {"DATABASE_URL", "CACHE_FOLDER", "HEALTH_LISTEN", "HEALTH_PORT"}
    assert 'VOLUME ["/data", "/cache"]' in final
    assert "PYTHONDONTWRITEBYTECODE=1" in block
    assert not re.search("TOKEN|KEY|SECRET", DOCKERFILE.replace("SECRET_", ""))


def test_what_only_developers_need_is_taken_out_of_the_image() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    dev = {re.match(r"[\w-]+", name)[0] for name in project["dependency-groups"]["dev"]}  # type: ignore[index]
    taken = DOCKERFILE.partition("uninstall --yes --quiet")[2].partition("\n\n")[0]

    assert dev <= set(re.findall(r"[\w-]+", taken))


def test_nothing_goes_into_the_image_but_what_is_named() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]

    assert rules[0] == "*"
    named = {line[1:] for line in rules if line.startswith("!")}
    copied = {
        word
        for line in re.findall(r"^COPY (?!--from)(.*)$", STAGES[0], re.MULTILINE)
        for word in line.split()[:-1]
    }
    assert named == copied
    assert {"**/.env", "**/*.db"} <= set(rules[rules.index("!knowledge") :])
