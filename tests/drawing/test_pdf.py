"""PDF files: what the usual fonts cannot write comes from another font, or is written plainly."""

import logging
import warnings

import pytest

import minigrad as mg
from minigrad.drawing import pdf

WORDS = "重み é 한국어 👩\u200d💻🎉️ ⊙ $x$ \\u"  # fmt: skip


def graph_of(name):
    w = mg.ones(2, requires_grad=True)
    return mg.graph((w * 2).sum(), names={name: w})


@pytest.fixture
def texts(monkeypatch):
    """What is written into the PDF: (text, faces)."""
    from matplotlib.axes import Axes

    found, original = [], Axes.text

    def text(self, x, y, s, **kwargs):
        found.append((s, kwargs["fontproperties"].get_family()))
        return original(self, x, y, s, **kwargs)

    monkeypatch.setattr(Axes, "text", text)
    return found


def test_every_character_has_a_font_and_nobody_is_warned(tmp_path, texts, caplog):
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        graph_of(WORDS).save(tmp_path / "g.pdf", formulas=True, sources=True)
    assert (tmp_path / "g.pdf").stat().st_size > 1000 and caplog.records == []
    for text, faces in texts:
        known = set().union(*map(pdf.characters, faces))
        assert {c for c in text if ord(c) not in known} == set(), (text, faces)
        assert not any(face.startswith("Last Resort") for face in faces)
    (name,) = [text for text, _ in texts if "$x$" in text]
    assert "é" in name and name.endswith("$x$ \\u")


def fonts(monkeypatch, **known):
    """Let the machine have these faces: {name with _: characters}, besides the usual ones."""
    usual = {pdf.installed(faces) for faces in (pdf.FACES, pdf.CODE_FACES)}
    plain = frozenset(range(256))
    given = {name.replace("_", " "): frozenset(map(ord, text)) for name, text in known.items()}
    monkeypatch.setattr(
        pdf, "characters", lambda face: plain if face in usual else given.get(face, frozenset())
    )


def test_without_such_a_font_it_is_written_as_python_would(monkeypatch, tmp_path, texts):
    fonts(monkeypatch)
    assert pdf.other_faces(set("é漢")) == ([], {"漢"})
    graph_of("漢字é🎉").save(tmp_path / "g.pdf")
    assert "\\u6f22\\u5b57é\\U0001f389" in [text for text, _ in texts]


def test_a_font_that_can_is_found_whatever_it_is_called(monkeypatch):
    fonts(monkeypatch, STIXGeneral="漢", Symbola="漢")
    assert pdf.other_faces(set("a漢字")) == (["STIXGeneral"], {"字"})
    fonts(monkeypatch, Last_Resort_High_Efficiency="漢")  # has a box for everything
    assert pdf.other_faces({"漢"}) == ([], {"漢"})


def test_marks_that_join_emoji_are_left_out_with_them():
    assert pdf.written("a👩\u200d💻b\ufe0f", set("👩\u200d💻\ufe0f")) == (
        "a&#92;U0001f469&#92;U0001f4bbb"
    )
    assert pdf.written("é漢", set()) == "é漢"


def test_a_font_file_that_cannot_be_read_is_no_font(monkeypatch):
    from matplotlib import font_manager

    def broken(file):
        raise RuntimeError("cannot open the font")

    monkeypatch.setattr(font_manager, "get_font", broken)
    assert pdf.characters.__wrapped__("DejaVu Sans") == frozenset()


def test_the_log_is_as_before_afterwards(tmp_path):
    log = logging.getLogger("matplotlib.font_manager")
    before = log.level
    graph_of("漢").save(tmp_path / "g.pdf")
    assert log.level == before
