-- CORDIS projects that are about networks of clusters.
{{ project_networks('cordis') }}
