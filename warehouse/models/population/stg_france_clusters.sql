-- France Clusters, directory of members
{{ listed_networks('france_clusters') }}
