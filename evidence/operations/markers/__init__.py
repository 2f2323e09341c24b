"""What people do with markers and suggestions: correct, confirm, withdraw, accept, reject."""
