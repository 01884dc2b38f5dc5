"""Texts: characters -> shaped lines that fit a box -> pixels. Shaped and drawn by HarfBuzz, with fonts of ours only."""
