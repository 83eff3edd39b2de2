"""European Clusters Alliance."""
