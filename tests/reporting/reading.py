"""What others read in a PDF: its text, pages, fonts and pictures, by tools that know nothing of how it was made."""

import re
import subprocess
from pathlib import Path

from tests.requirements import need, need_file

JAVA = Path("/usr/share/java")
_CLASSES = (
    "preflight",
    "pdfbox2",
    "fontbox2",
    "xmpbox",
    "commons-logging",
    "commons-io",
    "javax.activation",
    "jaxb-api",
)
_LOOSE = re.compile(r"[\s\u200b\u00ad\u2010-]+")


def text(pdf: bytes) -> str:
    """The text, in the order in which it was set: a cell of a table stands together."""
    command = [need("pdftotext"), "-raw", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, check=True, capture_output=True).stdout.decode()


def loose(told: str) -> str:
    """Text without what lines break it by, and with plain apostrophes."""
    return _LOOSE.sub("", told.replace("’", "'"))


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return text(pdf).split("\f")[:-1]


def body(pdf: bytes) -> str:
    """The loose text without what stands at the head and foot of every page."""
    kept = []
    for page in pages(pdf):
        lines = [line for line in page.split("\n") if line]
        kept.append("\n".join(_between(lines)))
    return loose("\n".join(kept))


def _between(lines: list[str]) -> list[str]:
    """The lines of a page but its head (the title and the incident's number) and its foot (the last three)."""
    return lines[1:-3]


def boxes(pdf: bytes) -> list[tuple[float, float]]:
    """Where every word begins and ends from the left, in points."""
    command = [need("pdftotext"), "-bbox", "-", "-"]
    told = subprocess.run(command, input=pdf, check=True, capture_output=True).stdout.decode()
    return [(float(a), float(b)) for a, b in re.findall(r'<word xMin="([\d.]+)".*? xMax="([\d.]+)"', told)]


def ends(pdf: bytes) -> list[float]:
    """Where every word ends from the top of its page, in points."""
    command = [need("pdftotext"), "-bbox", "-", "-"]
    told = subprocess.run(command, input=pdf, check=True, capture_output=True).stdout.decode()
    return [float(below) for below in re.findall(r'<word .*? yMax="([\d.]+)"', told)]


def fonts(pdf: bytes, folder: Path) -> list[list[str]]:
    """The columns emb, sub and uni of every font."""
    path = folder / "fonts.pdf"
    path.write_bytes(pdf)
    told = subprocess.run([need("pdffonts"), str(path)], check=True, capture_output=True, text=True).stdout
    return [row.split()[-5:-2] for row in told.splitlines()[2:]]


def qr_codes(pdf: bytes, folder: Path) -> list[str]:
    """What the QR codes on the first page say."""
    path = folder / "qr.pdf"
    path.write_bytes(pdf)
    picture = folder / "page"
    first = [
        need("pdftoppm"),
        "-r",
        "110",
        "-f",
        "1",
        "-l",
        "1",
        "-png",
        "-singlefile",
        str(path),
        str(picture),
    ]
    subprocess.run(first, check=True)
    command = [need("zbarimg"), "-q", "--raw", f"{picture}.png"]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return found.stdout.splitlines()


def preflight(pdf: bytes, folder: Path) -> str:
    """What PDFBox's validator of PDF/A-1b says of it."""
    java = need("java")
    path = folder / "preflight.pdf"
    path.write_bytes(pdf)
    jars = ":".join(str(need_file(JAVA / f"{name}.jar", "libpdfbox2-java")) for name in _CLASSES)
    command = [java, "-cp", jars, "org.apache.pdfbox.preflight.Validator_A1b", str(path)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout + found.stderr
