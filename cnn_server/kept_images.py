"""Photos that somebody chose to keep: files in the data folder, each until a date."""

from __future__ import annotations

from pathlib import Path

from cnn_engine.data.images import Picture
from cnn_server.images import as_bytes, of_bytes
from cnn_server.kept_files import About, KeptFiles, Rules


class KeptImages:
    """Photos in a folder, made with the first of them."""

    def __init__(self, folder: str | Path, rules: Rules) -> None:
        self._files = KeptFiles(folder, "photo", rules)
        self.about, self.made_since, self.drop = self._files.about, self._files.made_since, self._files.drop

    @property
    def until(self) -> float:
        """Until when a photo would be kept that is kept now."""
        return self._files.until

    def keep(self, image_id: str, picture: Picture, owner: str) -> About:
        """Write a photo down under the id that it has; one that is kept already stays as it is.

        Raises:
            StoreError: it cannot be written, or there is no room for it.
        """
        return self._files.keep(image_id, as_bytes(picture), owner)

    def get(self, image_id: str) -> Picture | None:
        """A photo that is kept."""
        data = self._files.get(image_id)
        try:
            return None if data is None else of_bytes(data)
        except (ValueError, TypeError, KeyError):
            return None
