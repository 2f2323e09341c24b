"""Keys, certificates, CAdES signatures, RFC 3161 tokens, trust and C2SP signed notes.

The one package that imports ``cryptography``. What verification needs (`cades`, `certificates`, `notes`,
`tokens`, `trust`) starts quickly: it reads ASN.1 with ``cryptography.hazmat.asn1`` and never imports
``cryptography.x509``, which costs more than all the rest and prints warnings about hostile certificates.
Making and loading keys and certificates (`keys`, `issuing`) is for the side that seals.
"""
