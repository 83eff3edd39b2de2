"""One row per different sentence: which of the patterns may match it, told by plain strings that every match holds."""

from typing import Any

from warehouse.needles import possible


def model(dbt: Any, session: Any) -> Any:
    """As dbt asks for it: `dbt.ref` reads another model."""
    patterns = dbt.ref("pattern").order("number").pl()
    return possible(dbt.ref("phrase_text").pl(), patterns["pattern"].to_list()).to_arrow()
