"""The dbt project, and the load of staged frames into it."""
