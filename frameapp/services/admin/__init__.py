"""What administrators see and do over all users. Other users get NotFound."""
