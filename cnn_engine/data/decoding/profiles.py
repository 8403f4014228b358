"""Colours as a profile means them, in sRGB, which is what screens and networks expect."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

from cnn_engine.data.decoding.extras import MAX_PROFILE

DAMAGED = "Its colour profile is damaged or does not fit, and was left out."


def to_srgb(colours: Image.Image, profile: bytes) -> tuple[Image.Image, str]:
    """Grey, RGB or CMYK colours in RGB, as the ICC profile says, and a note where it could not be used."""
    if not profile:
        return colours.convert("RGB"), ""
    try:
        if len(profile) > MAX_PROFILE:
            return colours.convert("RGB"), DAMAGED
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return colours.convert("RGB"), DAMAGED
    return (converted, "") if converted else (colours.convert("RGB"), DAMAGED)
