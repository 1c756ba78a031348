"""Whatever somebody does to the knowledge of a running program, it goes on answering from the last good version, says
what is wrong, and takes the next good edit over."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge.loading import DATA
from tests.faults.program import Colleague, Program, until_true

pytestmark = pytest.mark.fault

OFTEN = "0.1"  # Seconds between looks, so that thirty edits take seconds.
GOOD, BETTER = "Ik ben een digitale assistent", "Ik ben de digitale assistent"
KOOP, GENERAL, CHAIRS = "woorden/koop.yaml", "woorden/algemeen.yaml", "productgroepen/kantoormeubilair.yaml"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{key}: &{key} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, key in zip("abcdefgh", "bcdefghi", strict=True)
)


@dataclass(frozen=True)
class Wrong:
    """Something that can be done wrong to a file, and what of it can be read in what the program says."""

    file: str
    do: Callable[[Path], object]
    told: str


def changed(before: str, after: str) -> Callable[[Path], object]:
    def do(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    return do


def written(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def cut(part: float) -> Callable[[Path], object]:
    """Half a file, as a full disk or a lost connection leaves it."""
    return lambda path: path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])


def instead(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def do(path: Path) -> None:
        path.unlink()
        make(path)

    return do


def unreadable(path: Path) -> None:
    """A file that may not be read; root may read anything, so for root one that cannot be."""
    if os.geteuid():
        path.chmod(0)
        os.utime(path)
    else:
        path.unlink()
        path.symlink_to("/proc/self/mem")


WRONG = {
    "a bracket that stays open": Wrong(GENERAL, changed("zinnen:", "zinnen: ["), "haakje"),
    "a tab": Wrong(GENERAL, changed("  welkom:", "\twelkom:"), "tab"),
    "a quote that stays open": Wrong(
        KOOP, changed('vraag: "Klopt dat?"', 'vraag: "Klopt dat?'), "aanhalingsteken"
    ),
    "a key that is gone": Wrong(CHAIRS, changed("behoeftevraag:", "behoefte_vraag:"), "behoeftevraag"),
    "a key twice": Wrong(CHAIRS, changed("soort: levering", "soort: levering\nsoort: dienst"), "dubbel"),
    "a theme that does not exist": Wrong(
        CHAIRS, changed("thema: circulariteit", "thema: circulair"), "circulair"
    ),
    "a word that cannot be": Wrong(CHAIRS, changed("soort: levering", "soort: leverng"), "leverng"),
    "a criterion of another group": Wrong(CHAIRS, changed("id: kme-01", "id: bkl-01"), "bkl-01"),
    "text for an amount": Wrong("grenzen.yaml", changed("bedrag: 25000", 'bedrag: "25.000"'), "getal"),
    "periods that overlap": Wrong(
        "grenzen.yaml", changed("geldig_van: 2026-01-01", "geldig_van: 2025-06-01"), "periode"
    ),
    "a day that does not exist": Wrong("grenzen.yaml", changed("2027-12-31", "2027-02-30"), "2027-02-30"),
    "a word to fill in that is unknown": Wrong(KOOP, changed("**{wat}**", "**{watte}**"), "watte"),
    "a sentence that a talk needs is gone": Wrong(
        KOOP, changed("  kan-anders:", "  kan-ander:"), "kan-anders"
    ),
    "an option that a talk needs is gone": Wrong(
        KOOP, changed("    oud-maar-heel:", "    oud-en-heel:"), "oud-maar-heel"
    ),
    "half a file of words": Wrong(KOOP, cut(0.5), "koop.yaml"),
    "three quarters of a product group": Wrong(CHAIRS, cut(0.75), "kantoormeubilair.yaml"),
    "an empty file": Wrong("themas.yaml", written(b""), "leeg"),
    "only a remark": Wrong("rollen.yaml", written(b"# later\n"), "leeg"),
    "binary junk": Wrong("fasen.yaml", written(bytes(range(256)) * 40), "fasen.yaml"),
    "another coding": Wrong(
        GENERAL, lambda path: path.write_bytes(path.read_text().encode("utf-16")), "UTF-8"
    ),
    "a file that is gone": Wrong("redenen.yaml", Path.unlink, "redenen.yaml ontbreekt"),
    "a whole folder that is gone": Wrong("productgroepen", shutil.rmtree, "geen enkele productgroep"),
    "a folder in place of a file": Wrong("themas.yaml", instead(Path.mkdir), "themas.yaml ontbreekt"),
    "a link to itself": Wrong(
        "themas.yaml", instead(lambda path: path.symlink_to(path.name)), "themas.yaml ontbreekt"
    ),
    "a file that may not be read": Wrong("themas.yaml", unreadable, "themas.yaml"),
    "fifty megabytes": Wrong("kennis.yaml", written(b"# lang\n" * 7_500_000), "te groot"),
    "blocks in blocks without end": Wrong("naslag.yaml", written(BOMB.encode()), "te veel blokken"),
    "brackets in brackets": Wrong("naslag.yaml", written(b"[" * 200_000), "te veel blokken"),
    "dashes after dashes": Wrong("naslag.yaml", written(b"- " * 200_000), "te veel blokken"),
    "a list where a block belongs": Wrong(KOOP, written(b"- vraag\n- antwoord\n"), "koop.yaml"),
    "rows of another list of codes": Wrong("cpv_nl.csv", written(b"code;omschrijving\n1;2\n"), "cpv_nl.csv"),
    "a name that ends in .yml": Wrong(
        "fasen.yaml", lambda path: path.rename(path.with_suffix(".yml")), ".yml"
    ),
}


@pytest.fixture
async def running(sqlite_url: str, tmp_path: Path) -> AsyncIterator[tuple[Program, Path]]:
    """The real program, on a folder of knowledge that is free to spoil."""
    folder = shutil.copytree(DATA, tmp_path / "kennis")
    moi = await Program.start(
        tmp_path / "data", sqlite_url, MOI_KNOWLEDGE_DIR=str(folder), MOI_KNOWLEDGE_SECONDS=OFTEN
    )
    yield moi, folder
    await moi.kill()


async def condition(moi: Program) -> tuple[str, str]:
    """The version in use, and what is wrong with the folder."""
    _, said = await moi.ask("GET", "/readyz")
    return said["kennis"], "\n".join(said["problemen"])


async def talk(moi: Program) -> list[str]:
    """A short talk of somebody new, to the first question that matters."""
    colleague = await Colleague.arrive(moi)
    for number, text in enumerate(("moi", "we willen 50 nieuwe bureaustoelen, zo'n 15k", "ja")):
        assert await colleague.say(text, f"m{number}") == 200
    return await colleague.heard()


def restore(folder: Path) -> None:
    """Put everything back, as one does from a copy: the files that are there are replaced."""
    for path in folder.rglob("*"):
        if path.is_symlink() or (path.is_file() and not (DATA / path.relative_to(folder)).is_file()):
            path.unlink()
    for source in DATA.rglob("*"):
        path = folder / source.relative_to(DATA)
        if source.is_dir():
            path.mkdir(exist_ok=True)
            continue
        if path.is_dir():
            path.rmdir()
        if not path.is_file() or path.stat().st_mode & 0o400 == 0 or path.read_bytes() != source.read_bytes():
            path.unlink(missing_ok=True)
            shutil.copyfile(source, path)


async def test_wrong_edits(running: tuple[Program, Path]) -> None:
    """Thirty wrong edits, one after the other: each is told, none is used, and the talk stays the same."""
    moi, folder = running
    version, _ = await condition(moi)
    good = await talk(moi)
    for name, wrong in WRONG.items():
        wrong.do(folder / wrong.file)

        async def told(word: str = wrong.told) -> bool:
            return word in (await condition(moi))[1]

        await until_true(told, f"{name}: told")
        assert (await condition(moi))[0] == version, name
        assert await talk(moi) == good, name
        restore(folder)

        async def well() -> bool:
            return (await condition(moi))[1] == ""

        await until_true(well, f"{name}: over")

    changed(GOOD, BETTER)(folder / GENERAL)

    async def taken_over() -> bool:
        return (await condition(moi))[0] != version

    await until_true(taken_over, "a good edit")
    assert any(BETTER in line for line in await talk(moi))
    code, log = await moi.stop()

    assert code == 0
    assert "Traceback" not in log
    assert len(WRONG) >= 20


async def test_saved_in_steps(running: tuple[Program, Path]) -> None:
    """An editor that makes a file empty and writes it bit by bit never gets half of it used."""
    moi, folder = running
    versions = {(await condition(moi))[0]}
    path = folder / KOOP
    whole = path.read_bytes().replace(b"Klopt dat?", b"Is dat zo?")
    with path.open("wb") as file:
        for start in range(0, len(whole), 400):
            file.write(whole[start : start + 400])
            file.flush()
            versions.add((await condition(moi))[0])
            await talk_goes_on(moi)

    async def taken_over() -> bool:
        return (await condition(moi))[0] not in versions

    assert len(versions) == 1
    await until_true(taken_over, "the whole file")
    assert any("Is dat zo?" in line for line in await talk(moi))


async def talk_goes_on(moi: Program) -> None:
    colleague = await Colleague.arrive(moi)
    assert await colleague.say("50 bureaustoelen", "m1") == 200
    assert "Klopt dat?" in json.dumps(await colleague.hear(), ensure_ascii=False)
