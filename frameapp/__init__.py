"""Frameapp puts a brand's frame on every product picture of a catalogue feed."""
