"""The placement page: state, canvas, property panel, product strip."""
