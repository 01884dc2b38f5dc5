"""The parts of the Details page."""
