-- Interreg projects that are about networks of clusters.
{{ project_networks('keep') }}
