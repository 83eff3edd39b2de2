-- European Clusters Alliance, members
{{ listed_networks('clusters_alliance') }}
