"""Which records are the same organisation, the same network: pairs with reasons, clusters, lasting IDs."""
