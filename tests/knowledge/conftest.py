"""A small folder of knowledge to spoil: the real base files, with three product groups of its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from knowledge.loading import DATA

SMALL = Path(__file__).parent / "klein"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a small but complete folder of knowledge, free to change."""
    for source in DATA.glob("*.yaml"):
        shutil.copy(source, tmp_path)
    # What makes one product group into another names groups that are not in this small folder.
    recognition = tmp_path / "herkenning.yaml"
    without = re.sub(
        r"^samenhang:\n(?:[ -].*\n)+", "samenhang: []\n", recognition.read_text(), flags=re.MULTILINE
    )
    recognition.write_text(without)
    (tmp_path / "woorden").mkdir()
    shutil.copy(DATA / "woorden" / "algemeen.yaml", tmp_path / "woorden")
    return Path(shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True))
