"""France Clusters."""
