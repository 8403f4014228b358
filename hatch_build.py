"""The wheel's build bundles the pages where Node is there; without it the wheel has plain modules, and says so."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface[Any]):
    """Put bundles of the pages into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make them, unless this is a checkout that is installed to be worked on."""
        self._temporary = tempfile.TemporaryDirectory()
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from scripts import bundle  # noqa: PLC0415 (the build has its own path)

        folder = Path(self._temporary.name) / "bundled"
        try:
            bundle.install()
            bundle.bundle(folder, packed=True)
        except bundle.CannotBundleError as error:
            self.app.display_warning(f"The pages in this wheel are plain modules: {error}.")
        else:
            build_data["force_include"][str(folder)] = "cnn_server/bundled"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete what is in the wheel now."""
        self._temporary.cleanup()
