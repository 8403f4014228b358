"""Make scripts/glyphs.npz: the digits 0 to 9 of fonts under the SIL Open Font License, from Debian's packages.

    python -m scripts.make_glyphs [FOLDER]

With apt-get, on Debian; FOLDER keeps the packages for the next time. The file holds `pictures`, (faces, 10, 40, 40)
grey levels from 0 to 255, and `faces`, their names. It holds no font: what is drawn with one is free of that licence.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FILE = Path(__file__).resolve().parent / "glyphs.npz"
SIDE = 40  # pixels of a picture, and of the longer side of a digit in it
DRAWN_AT = 160  # pixels: reduced afterwards
MOST_FACES = 4  # of one package
LEFT_OUT = re.compile(r"italic|oblique|extra-?bold|black|heavy|condensed|outline", re.IGNORECASE)
PACKAGES = (
    *("averia-sans-gwf", "averia-serif-gwf", "breip", "bwht", "cabin", "cantarell", "cardo", "comfortaa"),
    *("comic-neue", "dancingscript", "dkg-handwriting", "dosis", "ebgaramond", "ecolier-court", "eurofurence"),
    *("fantasque-sans", "firacode", "gfs-neohellenic", "gfs-solomos", "gfs-theokritos", "havana", "hermit"),
    *("humor-sans", "inconsolata", "junction", "jura", "karla", "kaushanscript", "klee", "kristi", "lato"),
    *("league-spartan", "leckerli-one", "levien-typoscript", "linuxlibertine", "lobstertwo", "lxgw-wenkai", "manrope"),
    *("monofur", "morisawa-bizud-gothic", "national-park", "naver-d2coding", "okolaks", "oxygen", "play", "quicksand"),
    *("routed-gothic", "seto", "sora", "stick", "tomsontalks", "triod-postnaja", "vollkorn", "yanone-kaffeesatz"),
    "yusei-magic",
)


def faces(package: str, kept: Path) -> Iterator[Path]:
    """Yield the font files of a package, a few and no slanted ones, fetched where they are not there yet."""
    folder = kept / package
    if not folder.exists():
        subprocess.run(["apt-get", "download", "-q", f"fonts-{package}"], cwd=kept, check=True, capture_output=True)
        (archive,) = kept.glob(f"fonts-{package}_*.deb")
        subprocess.run(["dpkg", "--extract", str(archive), str(folder)], check=True)
    files = sorted(path for kind in ("ttf", "otf", "ttc") for path in folder.rglob(f"*.{kind}") if path.is_file())
    plain = {path.stem: path for path in files if not LEFT_OUT.search(path.stem)}
    chosen = list(plain.values())
    yield from chosen[:: -(-len(chosen) // MOST_FACES)] if chosen else []


def drawn(font: ImageFont.FreeTypeFont, digit: str) -> NDArray[np.uint8] | None:
    """Return a digit in the middle of its picture, or None where the font has nothing to show."""
    canvas = Image.new("L", (3 * DRAWN_AT, 3 * DRAWN_AT))
    ImageDraw.Draw(canvas).text((DRAWN_AT, DRAWN_AT // 2), digit, 255, font)
    box = canvas.getbbox()
    if box is None:
        return None
    cut = canvas.crop(box)
    factor = SIDE / max(cut.size)
    width, height = (max(1, round(factor * size)) for size in cut.size)
    picture = Image.new("L", (SIDE, SIDE))
    small = cut.resize((width, height), Image.Resampling.BOX)
    picture.paste(small, ((SIDE - width) // 2, (SIDE - height) // 2))
    return np.asarray(picture) // 17 * 17  # 16 levels: the file is half as large


def pictures(path: Path) -> NDArray[np.uint8] | None:
    """Return the ten digits of a face, (10, 40, 40), or None where it lacks one."""
    font = ImageFont.truetype(str(path), DRAWN_AT)
    digits = [drawn(font, digit) for digit in "0123456789"]
    shown = [digit for digit in digits if digit is not None]
    return np.stack(shown) if len({digit.tobytes() for digit in shown}) == len(digits) else None


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as temporary:
        kept = Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        found = {f"{package}: {path.stem}": pictures(path) for package in PACKAGES for path in faces(package, kept)}
    whole = {name: digits for name, digits in found.items() if digits is not None}
    np.savez_compressed(FILE, pictures=np.stack(list(whole.values())), faces=np.array(list(whole)))
    print(f"{FILE.name}: {len(whole)} faces of {len(PACKAGES)} packages, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
