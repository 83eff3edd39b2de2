"""The codes of the code book, facet by facet, without `unknown`."""

FACETS: dict[str, list[str]] = {
    "integration_level": ["1", "2", "3"],
    "geographic_coverage": ["worldwide", "european", "trans-border", "national-transregional"],
    "sector_coverage": ["sectoral", "generalist"],
    "legal_form": [
        "association",
        "aisbl_inpa",
        "eeig",
        "egtc",
        "foundation",
        "cooperative",
        "company",
        "public_body",
        "consortium_contract_or_grant",
        "no_legal_personality",
    ],
    "legal_instrument": ["mou", "charter", "partnership_agreement"],
    "governance": [
        "general_assembly",
        "board",
        "secretariat",
        "rotating_chair",
        "working_groups",
        "lead_member",
    ],
    "governed": ["internally", "externally"],
    "funding": ["eu_project", "eu_label_without_cofunding", "member_fees", "public", "private_services"],
    "staffing": ["own_team", "seconded", "none"],
    "cooperation_topics": list("1234567"),
    "sustainability": ["funded", "label_only", "self_standing", "dormant", "ended"],
}
# Facets that may hold several values at once.
SEVERAL = ("legal_instrument", "governance", "funding", "cooperation_topics")
