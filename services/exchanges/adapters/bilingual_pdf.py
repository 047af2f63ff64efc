"""PDF files in English and Chinese, with the same bytes for the same content."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import font_source_sans_pro
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from pylopdf_fonts_zh_cn import sans_path

from shared.contracts.values import Text

_FAMILY, _MORE = "Noto Sans SC", "Source Sans Pro"
_MORE_FILE = Path(font_source_sans_pro.__file__).parent / "files" / "SourceSansPro-Regular.ttf"
"""It has the Latin letters that the first lacks, such as Ł and Ş, drawn alike; a name is never written with a gap."""
_MARGIN = 25.0
_LINE = 1.5
"""The height of a line, in that of its letters."""
_MM = 25.4 / 72


class BilingualPdf:
    """One A4 document, written from the top."""

    def __init__(self, title: str, created: datetime) -> None:
        """`created` stands in the file, so that it depends on nothing but its content."""
        self._pdf = FPDF(format="A4")
        self._pdf.set_creation_date(created)
        self._pdf.set_title(title)
        self._pdf.set_lang("en")
        self._pdf.set_margin(_MARGIN)
        self._pdf.add_font(_FAMILY, fname=sans_path())
        self._pdf.add_font(_MORE, fname=_MORE_FILE)
        self._pdf.set_fallback_fonts([_MORE])
        self._pdf.add_page()

    def lines(self, *texts: str, size: float = 11, above: float = 0, centred: bool = False) -> None:
        """Writes each text on lines of its own, `above` millimetres below what stands there."""
        self._pdf.ln(above)
        self._pdf.set_font(_FAMILY, size=size)
        align = Align.C if centred else Align.L
        for text in texts:
            self._pdf.multi_cell(0, size * _MM * _LINE, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def block(self, *texts: str) -> None:
        """Writes texts that stay together on one page."""
        with self._pdf.unbreakable() as pdf:
            pdf.ln(3)
            pdf.set_font(_FAMILY, size=10)
            for text in texts:
                pdf.multi_cell(0, 10 * _MM * _LINE, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def written(self) -> bytes:
        """The file."""
        return bytes(self._pdf.output())


def english(text: Text) -> str:
    """The English text, or the Chinese one where there is no other."""
    return text.en or text.zh or ""


def chinese(text: Text) -> str:
    """The Chinese text, or the English one where there is no other."""
    return text.zh or text.en or ""


def both(text: Text) -> str:
    """Both texts on one line, one where they are the same or only one is given."""
    return " · ".join(dict.fromkeys([english(text), chinese(text)]))


def english_day(day: date) -> str:
    """Such as 3 May 2027."""
    return f"{day.day} {day:%B %Y}"


def chinese_day(day: date) -> str:
    """Such as 2027年5月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


def english_list(names: Iterable[Text]) -> str:
    """The names in a sentence."""
    *others, last = map(english, names)
    return f"{', '.join(others)} and {last}" if others else last


def chinese_list(names: Iterable[Text]) -> str:
    """The names in a Chinese sentence."""
    return "、".join(map(chinese, names))
