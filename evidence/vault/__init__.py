"""The vault: one organisation's directory of keys, register, custody records and archives."""
