"""Networks' own sites: records as the spider yields them."""

from transforms.records import count, finest, tidy

__all__ = ["count", "finest", "tidy"]
