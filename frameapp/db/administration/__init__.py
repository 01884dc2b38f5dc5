"""Queries over all workspaces, for administrators. The caller has checked who asks."""
