"""What administrators see and do over all users. Everybody else gets NotFound: for them nothing of it exists."""
