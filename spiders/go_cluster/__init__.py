"""go-cluster."""
