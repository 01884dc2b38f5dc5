"""The frame image of the form: on its way, taken in, or refused."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from frameapp.core.design.recipe import Layer
from frameapp.core.render import formats
from frameapp.errors import Invalid
from frameapp.services import images
from frameapp.services.application import application
from frameapp.services.images import LARGEST_IMAGE, Draft
from frameapp.services.viewer import Viewer
from frameapp.ui.frame_form.problems import ProblemsState
from frameapp.ui.links import backend
from frameapp.ui.session import acts
from frameapp.ui.words import pixels, weight


@dataclass(frozen=True)
class ImageView:
    """The frame image on show."""

    url: str = ""
    facts: str = ""
    window: str = ""
    width: int = 0
    height: int = 0
    changed: bool = False


class ImageFieldState(ProblemsState, mixin=True):
    """The image is checked as it arrives, and kept as a draft until the frame is saved."""

    image: ImageView = ImageView()
    uploading: bool = False
    _draft: Draft | None = None
    _expected: int = 0  # uploads that the browser began, by its socket; each may arrive before it is expected
    _arrived: int = 0

    @rx.event
    async def expect_image(self, count: int) -> None:
        """The browser begins to send what was dropped, unless it refused all of it."""
        if count:
            self._expected += 1
            self.uploading = self._expected > self._arrived
        if self.uploading:
            self._set_error("image", "")

    @rx.event
    @acts
    async def note_sending(self, viewer: Viewer, sending: bool) -> None:
        """Whether the browser still sends. If not and nothing came, the image was refused or lost on the way."""
        if sending or not self.uploading:
            return
        self.uploading, self._arrived = False, self._expected
        self._set_error("image", NOT_ARRIVED)

    @rx.event
    @acts
    async def upload(self, viewer: Viewer, files: list[rx.UploadFile]) -> Any:
        """Take the image in, by its bytes."""
        try:
            if files:
                data = await files[0].read(LARGEST_IMAGE + 1)
                self._draft = await images.take_draft(application(), viewer, data)
                self.image = image_view(self._draft)
                self._set_error("image", "")
        except Invalid as error:
            self._set_error("image", str(error))
        finally:
            self._arrived += bool(files)
            self.uploading = self._expected > self._arrived

    @rx.event
    async def refuse(self, codes: list[str]) -> None:
        """Say why the browser did not take the file."""
        sentence = f"This file is not a {formats.listed(formats.frame_images())} picture. Choose another file."
        if "file-too-large" in codes:
            sentence = "The frame image is larger than 20 MB. Choose a smaller one."
        elif "too-many-files" in codes:
            sentence = "Choose one picture only."
        self._set_error("image", sentence)


NOT_ARRIVED = "The frame image was not uploaded. Check your connection and add it again."


def image_view(draft: Draft) -> ImageView:
    """The uploaded image in the words of the form."""
    if draft.window is None:
        found = "No clear window was found. The product starts in the middle; you can move it on the next page."
    elif draft.layer is Layer.ABOVE:
        found = "We found a transparent window: the product goes behind the frame image."
    else:
        found = "We found a plain area for the product: it goes over the frame image."
    facts = f"{pixels(draft.width, draft.height)} px · {formats.FORMATS[draft.format].label} · {weight(draft.size)}"
    return ImageView(backend(f"/files/draft/{draft.digest}"), facts, found, draft.width, draft.height, changed=True)
