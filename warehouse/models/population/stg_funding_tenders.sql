-- Grants of the Funding and Tenders portal that are about networks of clusters.
{{ project_networks('funding_tenders') }}
