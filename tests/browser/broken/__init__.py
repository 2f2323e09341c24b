"""Archives that are broken in one place and otherwise signed, registered and packed as they are."""
