-- Networks, projects and instruments that the article names.
{{ listed_networks('article') }}
