"""Check static/: the types of the scripts with tsc, that their texts have ids, the style sheets with stylelint.

python -m scripts.check_static
"""

from __future__ import annotations

import shutil
import subprocess
import sys

from cnn_server.page_texts import declarations, texts
from scripts.node import ROOT, with_packages

TYPES = ROOT / "build" / "texts.d.ts"  # of the texts that scripts say, for tsc

CHECKS = {
    "tsc in static/js": ["typescript/bin/tsc", "--project", "tsconfig.json"],
    "texts in static/js": ["../scripts/literal_texts.mjs"],
    "stylelint in static/css": ["stylelint/bin/stylelint.mjs", "static/css/*.css"],
}


def main() -> None:
    """Run every check, and fail where one of them has failed."""
    environment = with_packages()
    node = shutil.which("node", path=environment["PATH"]) or "node"
    failed = False
    TYPES.parent.mkdir(exist_ok=True)
    TYPES.write_text(declarations(texts()), "utf-8")
    for name, (program, *arguments) in CHECKS.items():
        command = [node, str(ROOT / "node_modules" / program), *arguments]
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            failed = True
        else:
            print(f"Success: no issues found by {name}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
