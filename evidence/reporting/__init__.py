"""What people look at: a PDF and a page made of verified results (floor 5)."""
