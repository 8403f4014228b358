"""What the documents say is so, and what the house rules forbid is nowhere."""

from __future__ import annotations

import doctest
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(path.name for path in ROOT.glob("*.md"))
SAMPLES = ROOT / "cnn_engine" / "data" / "samples"
MADE = {"node_modules", "shots", "dist", "build", "test-results", "__pycache__"}
OURS_HIDDEN = {".ci", ".github", ".gitignore", ".gitattributes", ".npmrc"}
REGISTRIES = (
    ("registry", "npmjs", "org"),
    ("registry", "yarnpkg", "com"),
    ("pypi", "org"),
    ("files", "pythonhosted", "org"),
    ("conda", "anaconda", "org"),
)
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CAST = re.compile(r"/\*\* @(?:type|satisfies) \{.*?\} \*/ *\(")
CASTS = [("state.js", "/** @type {S} */ (")]  # each asserts what the checker cannot see
TYPED = re.compile(r"@(?:type|satisfies|param|returns|typedef|property|template|implements|extends|this) +(?=\{)")
TOO_GENERAL = re.compile(
    r"^ *(?:(?:async )?def |(?:export )?(?:const |let |(?:async )?function )|#)?_?(?:told|said|asked)(?:_of)?\b *[=:(]",
    re.MULTILINE,
)
ADDRESS = re.compile(r"""https?://[^\s"'<>)`]+|(?<=["'(])//[\w.]+""")


def source_files() -> Iterator[Path]:
    """Every file that somebody wrote, and none that a tool made."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in MADE and (name[0] != "." or name in OURS_HIDDEN)]
        yield from (Path(folder) / name for name in files if name[0] != "." or name in OURS_HIDDEN)


def scripts() -> dict[str, str]:
    """Every script and every file of types, by its path in static/js."""
    folder = ROOT / "static" / "js"
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.[jt]s")}


def types_in(name: str, script: str) -> Iterator[str]:
    """The types that a script's comments give, each with the braces around it; of a file of types all but comments."""
    if name.endswith(".ts"):
        yield re.sub(r"/\*.*?\*/|//[^\n]*", "", script, flags=re.DOTALL)
        return
    for found in TYPED.finditer(script):
        depth = 0
        for end in range(found.end(), len(script)):
            depth += {"{": 1, "}": -1}.get(script[end], 0)
            if not depth:
                yield script[found.end() : end + 1]
                break


def matches(rule: str, word: str) -> bool:
    """Whether a word is the one that a rule of stylelint names, or one of its regular expression between slashes."""
    return bool(re.search(rule[1:-1], word)) if rule.startswith("/") else word == rule


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_the_python_examples_print_what_they_say():
    blocks = FENCE.findall((ROOT / "README.md").read_text("utf-8"))
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README.md", "README.md", 0)
    assert examples.examples
    result: list[str] = []
    failures, _ = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples, out=result.append)
    assert failures == 0, "".join(result)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_relative_links_lead_somewhere(document):
    for link in LINK.findall((ROOT / document).read_text("utf-8")):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = ROOT / (path or document)
        assert target.exists(), f"{document}: {link}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, f"{document}: {link}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_make_targets_that_are_named_exist(document):
    phony = re.search(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony
    named = set(re.findall(r"`?\bmake ([a-z]+)`|^make ([a-z]+)", (ROOT / document).read_text("utf-8"), re.MULTILINE))
    assert {first or second for first, second in named} <= set(phony[1].split())


@pytest.mark.parametrize("folder", ["templates", "static"])
def test_pages_load_nothing_from_another_host(folder):
    for path in sorted((ROOT / folder).rglob("*")):
        if not path.is_file() or path.suffix not in {".html", ".css", ".js", ".svg", ".ts", ".json"}:
            continue
        text = path.read_text("utf-8")
        links = re.sub(r"<a\b[^>]*>", "", text)  # a link to elsewhere loads nothing
        strangers = [address for address in ADDRESS.findall(links) if not address.startswith("http://www.w3.org/")]
        assert strangers == [], path


def test_no_name_is_as_general_as_told_said_or_asked():
    files = [path for path in source_files() if path.suffix in {".py", ".js"}]
    assert {path.name: found for path in files if (found := TOO_GENERAL.findall(path.read_text("utf-8")))} == {}


def test_no_file_names_a_package_registry():
    hosts = [".".join(parts).encode() for parts in REGISTRIES]
    found = [
        (str(path.relative_to(ROOT)), host) for path in source_files() for host in hosts if host in path.read_bytes()
    ]
    assert found == []


def test_the_photos_are_small_and_as_described():
    described = json.loads((SAMPLES / "samples.json").read_text("utf-8"))
    assert {f"{entry['name']}.webp" for entry in described} == {path.name for path in SAMPLES.glob("*.webp")}
    for entry in described:
        path = SAMPLES / f"{entry['name']}.webp"
        assert path.stat().st_size < 6_000
        with Image.open(path) as photo:
            assert photo.size == (entry["width"], entry["height"])
            assert max(photo.size) == 112
            assert not {"exif", "xmp", "icc_profile"} & set(photo.info)


def test_the_terms_of_every_photo_are_recorded():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for path in SAMPLES.glob("*.webp"):
        assert f"\n{path.name}, from " in notice


@pytest.mark.parametrize(
    ("sheet", "count"),
    [
        ("gap: 5px; padding: 0.35em; padding-top: 1rem; margin: 1px 0.5em; border-radius: 3pt; row-gap: 1ch", 6),
        ("font-size: 13px; font-size: calc(var(--cell) * 0.9 + 7px); font-size: 0.9em; font: 13px serif", 4),
        ("gap: var(--s0); padding: 1px var(--s2); margin: calc(-1 * var(--s12)); border-radius: 50%; margin: 14mm", 0),
        ("font-size: var(--text-s); font-size: max(calc(var(--cell) * 0.36), var(--digits)); font-size: inherit", 0),
    ],
)
def test_sizes_that_are_no_tokens_are_refused_by_the_rules_for_style_sheets(sheet, count):
    rules = json.loads((ROOT / ".stylelintrc.json").read_text("utf-8"))["rules"]
    allowed = rules["declaration-property-value-allowed-list"]
    refused = []
    for declaration in sheet.split("; "):
        name, value = declaration.split(": ")
        lists = [values for key, values in allowed.items() if matches(key, name)]
        assert lists, name
        refused += [declaration for values in lists if not any(matches(one, value) for one in values)]
    assert len(refused) == count, refused


def test_the_only_cast_in_the_scripts_is_of_the_settings_that_fields_declare():
    assert [(name, cast) for name, script in scripts().items() for cast in CAST.findall(script)] == CASTS


def test_the_checker_sees_every_type_of_the_scripts():
    types = [(name, given) for name, script in scripts().items() for given in types_in(name, script)]
    assert len(types) > 1000
    assert [(name, given) for name, given in types if re.search(r"\bany\b", given)] == []
    assert [name for name, script in scripts().items() if re.search(r"@ts-(ignore|expect-error|nocheck)", script)] == []
