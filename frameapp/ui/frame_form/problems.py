"""What is wrong with the form, said beside the field."""

import reflex as rx


class ProblemsState(rx.State, mixin=True):
    """One sentence by field; ``form`` is for what belongs to none."""

    errors: dict[str, str] = {}
    _visit: int = 0  # counts the forms opened, so that an answer to an earlier one is known as such

    def _set_error(self, field: str, sentence: str) -> None:
        self.errors = {
            **{k: v for k, v in self.errors.items() if k != field},
            **({field: sentence} if sentence else {}),
        }
