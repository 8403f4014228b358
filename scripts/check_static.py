"""Check static/: the types of the scripts with tsc, that their texts have ids, the style sheets with stylelint.

python -m scripts.check_static

What the scripts are checked against is made first, in build/: the types of the API's answers, from its own description
(/openapi.json), and those of the texts that scripts say.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

from cnn_server import create_app
from cnn_server.page_texts import declarations, texts
from scripts.node import ROOT, with_packages

BUILD = ROOT / "build"
DESCRIPTION = BUILD / "openapi.json"

GENERATOR = ["openapi-typescript/bin/cli.js", str(DESCRIPTION), "--output", str(BUILD / "api.d.ts")]
CHECKS = {
    "types of the API": [*GENERATOR, "--default-non-nullable=false"],
    "tsc in static/js": ["typescript/bin/tsc", "--project", "tsconfig.json"],
    "texts in static/js": ["../scripts/literal_texts.mjs"],
    "stylelint in static/css": ["stylelint/bin/stylelint.mjs", "static/css/*.css"],
}


def write_descriptions() -> None:
    """Write what the types are made of: the description of the API, and the texts of the scripts."""
    BUILD.mkdir(exist_ok=True)
    DESCRIPTION.write_bytes(create_app({"RUN_WORKERS": 0}).test_client().get("/openapi.json").data)
    (BUILD / "texts.d.ts").write_text(declarations(texts()), "utf-8")


def main() -> None:
    """Run every check, and fail where one of them has failed."""
    environment = with_packages()
    node = shutil.which("node", path=environment["PATH"]) or "node"
    failed = False
    write_descriptions()
    for name, (program, *arguments) in CHECKS.items():
        command = [node, str(ROOT / "node_modules" / program), *arguments]
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            failed = True
        else:
            print(f"Success: no issues found by {name}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
