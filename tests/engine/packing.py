"""Zips and arrays as bytes, for tests of files."""

from __future__ import annotations

import io
import zipfile

import numpy as np


def members(data):
    """{name: bytes} of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files, compression=zipfile.ZIP_STORED):
    """The bytes of a zip with these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def npy(array, version=(1, 0)):
    """An array as NumPy writes it."""
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version, allow_pickle=False)
    return file.getvalue()
