-- ESCA labels of cluster management excellence
{{ listed_networks('esca_labels') }}
