"""What a gate is, and what a finding says. No Great Expectations here: reading a report stays cheap."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

ERROR, WARN = "error", "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one expectation of one table found."""

    gate: str
    table: str
    severity: str
    success: bool
    notes: str
    unexpected: int | None = None
    observed: Any = None
    error: str | None = None

    @property
    def stops(self) -> bool:
        """Whether nothing may be published."""
        return not self.success and self.severity == ERROR

    def as_row(self) -> dict[str, Any]:
        return asdict(self)
