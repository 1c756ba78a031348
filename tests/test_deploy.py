"""The image, the compose file and the chart: what they set exists, and what they take away from an attacker stays away."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import PROJECT, Settings

CHART = PROJECT / "deploy" / "helm"
KNOWN = {f"MOI_{name.upper()}" for name in Settings.model_fields}
SECRETS = {f"moi_{name}" for name, field in Settings.model_fields.items() if not field.repr}


def read(name: str) -> str:
    return (PROJECT / name).read_text()


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file."""
    found: dict[str, Any] = yaml.safe_load(read("compose.yaml"))
    return found


def last_stage() -> str:
    return read("Dockerfile").rpartition("\nFROM ")[2]


@pytest.mark.parametrize(
    "file",
    ["Dockerfile", "compose.yaml", *(path.relative_to(PROJECT).as_posix() for path in CHART.rglob("*.yaml"))],
)
def test_settings_exist(file: str) -> None:
    """Whatever is set for Moi is a setting that Moi has."""
    assert set(re.findall(r"\bMOI_[A-Z_]+\b(?<!_)", read(file))) <= KNOWN
    assert set(re.findall(r"\bmoi_(?!database_password)[a-z_]+\b", read(file))) <= SECRETS


def test_chart_settings_exist() -> None:
    """What the chart proposes to set exists; secrets and development cannot be set there."""
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    schema = json.loads((CHART / "values.schema.json").read_text())
    refused = set(schema["properties"]["settings"]["propertyNames"]["not"]["enum"])

    assert {f"MOI_{name}" for name in values["settings"]} <= KNOWN
    assert refused == {name.removeprefix("moi_").upper() for name in SECRETS} | {"DEVELOPMENT"}
    assert set(schema["properties"]) - {"global"} == set(values)


def test_image_is_not_root() -> None:
    """The image runs as a numbered user, without what could install more, and looks at its own health."""
    stage = last_stage()

    assert re.search(r"^USER 10001:10001$", stage, re.MULTILINE)
    assert "pip uninstall" in stage
    assert not re.search(r"apt-get|uv sync|pip install|curl|wget|npm", stage)
    assert "/healthz" in stage.partition("HEALTHCHECK")[2]
    assert "MOI_DEVELOPMENT=false" in stage


def test_image_holds_only_what_runs() -> None:
    """Nothing gets into the image but what is named, and no secret, test or history is."""
    lines = [line for line in read(".dockerignore").splitlines() if line and not line.startswith("#")]
    named = {line[1:] for line in lines if line.startswith("!")}

    assert lines[0] == "*"
    assert {"app.py", "bot", "cards", "dialogs", "knowledge", "uv.lock"} <= named
    assert not named & {".git", "tests", "deploy", "bench", ".data", ".env"}
    assert all((PROJECT / name).exists() for name in named)


@pytest.mark.parametrize("service", ["moi", "database"])
def test_compose_takes_away(compose: dict[str, Any], service: str) -> None:
    """Each container has a root file system that cannot be written, no rights, limits, and secrets as files."""
    found = compose["services"][service]

    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert found["pids_limit"]
    assert found["mem_limit"]
    assert set(found["secrets"]) <= set(compose["secrets"])
    assert not [name for name in found["environment"] if name.lower() in SECRETS]


def test_compose_shows_only_the_web(compose: dict[str, Any]) -> None:
    """Only the port for colleagues can be reached, from this machine; the database and the numbers cannot."""
    services = compose["services"]

    assert services["moi"]["ports"] == ["127.0.0.1:3978:3978"]
    assert "ports" not in services["database"]
    assert services["database"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True
    assert services["moi"]["depends_on"]["database"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", ["moi_secret", "moi_app_password", "moi_database_url"])
def test_compose_gives_secrets(compose: dict[str, Any], name: str) -> None:
    """Every secret that Moi needs there comes from a file that git does not know."""
    assert name in compose["services"]["moi"]["secrets"]
    assert Path(compose["secrets"][name]["file"]).parent == Path("deploy/secrets")
    assert "deploy/secrets/" in read(".gitignore").splitlines()


def test_chart_takes_away() -> None:
    """The pod is not root, cannot write or gain anything, and its probes ask at the port inside."""
    pod = (CHART / "templates" / "deployment.yaml").read_text()
    needed = (
        "runAsNonRoot: true",
        "readOnlyRootFilesystem: true",
        "allowPrivilegeEscalation: false",
        "capabilities: {drop: [ALL]}",
        "seccompProfile: {type: RuntimeDefault}",
        "automountServiceAccountToken: false",
    )
    probes = re.findall(r"(\w+)Probe:\n +httpGet: \{path: (\S+), port: (\w+)\}", pod)

    assert [line for line in needed if line not in pod] == []
    assert probes == [
        ("startup", "/healthz", "inside"),
        ("liveness", "/healthz", "inside"),
        ("readiness", "/readyz", "inside"),
    ]


def test_ports_agree() -> None:
    """The image, the chart and the compose file speak of the same two ports."""
    ports = dict(re.findall(r"MOI_(PORT|INSIDE_PORT)=(\d+)", last_stage()))
    pod = (CHART / "templates" / "deployment.yaml").read_text()

    assert f"{{name: web, containerPort: {ports['PORT']}}}" in pod
    assert f"{{name: inside, containerPort: {ports['INSIDE_PORT']}}}" in pod
    assert f"EXPOSE {ports['PORT']}\n" in last_stage()


def test_security_table_is_true() -> None:
    """Every chapter of the standard is in docs/security.md, and every test that it names exists."""
    table = read("docs/security.md")
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", table)
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not re.search(rf"^(?:async )?def {test}\(", read(file), re.MULTILINE)
    ]

    assert re.findall(r"^\| V(\d+) ", table, re.MULTILINE) == [str(number) for number in range(1, 18)]
    assert len(named) > 40
    assert missing == []
