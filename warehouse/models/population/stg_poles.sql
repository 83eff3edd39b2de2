-- Pôles de compétitivité, official list
{{ listed_networks('poles') }}
