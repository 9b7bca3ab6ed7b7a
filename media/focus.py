"""Where a picture's point is: given by a person, or found where it stands out most from the rest of itself.

What is found is a guess from contrast and colour: it knows no faces and no things. The same picture gives the same
point every time.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from core.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

_SMALL = 96  # pixels of the longer side: finer detail tells nothing of where the eye goes
_EDGES = 0.4  # of what colour counts: a horizon is all edge and says nothing
_CENTRE = 0.35  # so much less a corner counts than the middle: people point cameras


@dataclass(frozen=True)
class Focus:
    """A point of a picture, from its left and its top, 0..1; `found` says where it comes from."""

    x: float
    y: float
    found: Literal["given", "contrast", "middle"]

    def said(self) -> str:
        """Return where it is and how it was found, for a person."""
        how = {
            "given": "as you said",
            "contrast": "where the picture stands out most (by contrast and colour; faces are not known)",
            "middle": "the middle: nothing stands out",
        }[self.found]
        return f"{self.x:.2f}, {self.y:.2f}: {how}"


def focus_from(given: str) -> Focus:
    """Return the point that a person wrote as `0.3,0.6`. Raises BadInput."""
    try:
        x, y = (float(each) for each in given.split(","))
    except ValueError:
        raise BadInput(f"{given!r} is no point of a picture.", "Write it as X,Y from the left top: 0.3,0.6") from None
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise BadInput(f"{given} lies outside the picture.", "Both are from 0 to 1, from the left top.")
    return Focus(x, y, "given")


def find_focus(image: "Image") -> Focus:
    """Return where a picture stands out: far from its mean colour, much contrast nearby, rather not at the edge."""
    import numpy as np
    from PIL import Image, ImageFilter

    scale = _SMALL / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    small = image.convert("RGB").resize(size, Image.Resampling.BOX)
    values = np.asarray(small.convert("LAB"), dtype=np.float32)
    values = np.where(values > 127, values - 256 * (np.arange(3) > 0), values)  # a and b are signed bytes
    calm = np.asarray(small.filter(ImageFilter.GaussianBlur(1)).convert("LAB"), dtype=np.float32)
    calm = np.where(calm > 127, calm - 256 * (np.arange(3) > 0), calm)
    colour = np.sqrt(((calm - values.reshape(-1, 3).mean(axis=0)) ** 2).sum(axis=2))
    light = values[:, :, 0]
    contrast = np.abs(light - _blurred(light, 3))
    if max(colour.max(), contrast.max()) < 2:  # of 255: an even ground
        return Focus(0.5, 0.5, "middle")
    spread = _blurred(contrast, 2)
    both = colour / (colour.max() + 1) + _EDGES * spread / (spread.max() + 1)
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]]
    x, y = (columns + 0.5) / size[0], (rows + 0.5) / size[1]
    weighed = _blurred(both, _SMALL * 0.08) * (1 - _CENTRE * 2 * ((x - 0.5) ** 2 + (y - 0.5) ** 2))
    row, column = np.unravel_index(int(weighed.argmax()), weighed.shape)
    return Focus(round(float(x[row, column]), 3), round(float(y[row, column]), 3), "contrast")


def window(size: tuple[int, int], shape: float, focus: Focus) -> tuple[int, int, int, int]:
    """Return the largest part (left, top, right, bottom) of a picture that has this shape (width by height).

    The point stands in its middle, or as near to it as the picture's edges allow.
    """
    width, height = size
    wide, high = (round(height * shape), height) if width > height * shape else (width, round(width / shape))
    wide, high = min(max(1, wide), width), min(max(1, high), height)
    left = min(max(0, round(focus.x * width - wide / 2)), width - wide)
    top = min(max(0, round(focus.y * height - high / 2)), height - high)
    return left, top, left + wide, top + high


def _blurred(values: "NDArray[Any]", radius: float) -> "NDArray[Any]":
    """Return values with a Gaussian window over them, the edge repeated."""
    import numpy as np

    reach = max(1, int(radius * 3))
    weights = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * radius**2))
    weights /= weights.sum()
    for axis in (0, 1):
        padded = np.pad(values, [(reach, reach) if each == axis else (0, 0) for each in (0, 1)], mode="edge")
        values = np.apply_along_axis(np.convolve, axis, padded, weights, mode="valid")
    return values
