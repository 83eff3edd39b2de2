-- Grants of the structural funds that are about networks of clusters.
{{ project_networks('structural_funds') }}
