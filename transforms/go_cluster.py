"""go-cluster, clusters of the federal programme: records as the spider yields them."""

from transforms.records import count, finest, tidy

__all__ = ["count", "finest", "tidy"]
