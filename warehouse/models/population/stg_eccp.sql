-- Profiles of networks and partnerships on ECCP.
{{ listed_networks('eccp') }}
