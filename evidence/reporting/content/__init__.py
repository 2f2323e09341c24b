"""What the reports say: plain data in the reader's language, made of verified records. No layout.

A document is a JSON object that the templates in ``evidence/reporting/typst`` set. Its parts are sections
with blocks (``blocks``); each module here makes the sections about one thing.
"""
