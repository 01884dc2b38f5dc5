"""How each kind of layer is drawn: a module per kind, and one table. What they share is in ``scene.py``."""
