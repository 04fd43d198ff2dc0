"""The content security policy of pages: scripts, styles and pictures come from this site alone; nothing inline."""


def policy(framed_by: str = "'self'") -> str:
    """Return the policy of a page that these sites may frame."""
    return (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {framed_by}"
    )
