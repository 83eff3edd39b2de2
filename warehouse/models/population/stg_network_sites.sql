-- Networks as their own sites present them.
{{ listed_networks('network_sites') }}
