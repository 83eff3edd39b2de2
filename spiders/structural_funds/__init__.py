"""Lists of beneficiaries of the structural funds."""
