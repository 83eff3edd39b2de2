-- go-cluster, clusters of the federal programme
{{ listed_networks('go_cluster') }}
