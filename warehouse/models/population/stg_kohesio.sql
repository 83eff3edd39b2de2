-- Operations of cohesion policy that are about networks of clusters.
{{ project_networks('kohesio') }}
