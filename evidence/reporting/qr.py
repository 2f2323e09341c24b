"""A fingerprint as a QR code."""

import io


def svg(text: str) -> str:
    """An SVG of the QR code of a text, with the quiet zone that readers need."""
    import segno  # noqa: PLC0415  only a report with a fingerprint needs it

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, border=4, omitsize=True
    )
    return out.getvalue().decode("utf-8")
