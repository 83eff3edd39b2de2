-- Rows of a user's own list, for `metaclusters classify`; no night reads it.
{{ listed_networks('own_list') }}
