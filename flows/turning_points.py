"""What would have changed a facet's answer: the sign that it hangs on, and the value that comes next."""

from __future__ import annotations

from typing import Any

from expectations.code_book import SEVERAL
from flows import model

# What life turns on is dates.
SUSTAINED = {
    "unknown": "a dated sign of life, a grant that runs, or a source that says that it ended",
    "funded": "once the grant has ended, a sign of life after it would be needed",
    "label_only": "a grant, or a sign of life once the label has ended",
    "self_standing": "without another sign of life it is dormant {months} months after the last one",
    "dormant": "a dated sign of life of the last {months} months, or a live grant",
    "ended": "a dated sign of life after that, or a live grant",
}


def turning_points(facet: dict[str, Any], evidence: list[dict[str, Any]], scores: list[dict[str, Any]]) -> list[str]:
    """Sentences about one facet: `scores` has for each value its score and what is enough."""
    if facet["reason"] == "not_applicable":
        return []
    if facet["override_reason"] is not None:
        return [f"without the decision it would be {facet['proposed_value']}"]
    name, value = facet["facet"], facet["value"]
    if name == "sustainability" and value in SUSTAINED:
        return [SUSTAINED[value].format(months=model.variable("alive_months"))]
    own = next((score for score in scores if score["value"] == value), None)
    # A release of before knows no probability.
    weighed = own is not None and own.get("probability") is not None
    sentences = [_hangs_on(own, evidence)] if own and (weighed or name != "geographic_coverage") else []
    if name in SEVERAL:
        return [sentence for sentence in sentences if sentence]
    if (
        name == "geographic_coverage"
        and facet["rule_id"] in ("R9", "R10")
        and any(sign["signal_id"] == "members_places" for sign in evidence)
    ):
        sentences.append(_claimed_instead(value, evidence, scores))
    else:
        sentences.append(_next_value(name, value, own, scores))
    said = [sentence for sentence in sentences if sentence]
    return said or ([] if value == "unknown" else ["no sign by itself: several carry it"])


def _hangs_on(own: dict[str, Any], evidence: list[dict[str, Any]]) -> str | None:
    """The one kind of sign without which the value would not hold."""
    weights: dict[str, dict[str, Any]] = {}
    for sign in evidence:
        best = weights.get(sign["sign_group"])
        if best is None or sign["weight"] > best["weight"]:
            weights[sign["sign_group"]] = sign
    for sign in sorted(weights.values(), key=lambda sign: -float(sign["weight"])):
        if own["score"] - float(sign["weight"]) < own["enough"]:
            words = sign["words"] or sign["structured_value"] or sign["quote"]
            left = own["score"] - float(sign["weight"])
            return f"without “{words}” too little would be left ({left:.2f}, and {own['enough']:.2f} is enough)"
    return None


def _next_value(name: str, value: str, own: dict[str, Any] | None, scores: list[dict[str, Any]]) -> str | None:
    """The value nearest to holding instead."""
    others = [score for score in scores if score["value"] != value]
    weighed = any(score.get("probability") is not None for score in scores)
    if name == "integration_level" and value != "unknown" and not weighed:
        # The deepest level that has enough holds.
        others = [score for score in others if score["value"] > value]
        if not others:
            return None if value == "3" else "a clear sign of a deeper level"
    if not others:
        if own is not None and name in ("geographic_coverage", "sector_coverage"):
            return f"a sign for another value that weighs more than {own['score']:.2f}"
        return "a clear sign for another value"
    best = min(others, key=lambda score: score["enough"] - score["score"])
    enough = best["enough"]
    if own and not weighed and name != "integration_level":
        enough = max(enough, own["score"])
    lacking = enough - best["score"]
    if lacking > 0:
        return f"{lacking:.2f} more weight for {best['value']} (it has {best['score']:.2f}, {enough:.2f} is enough)"
    if weighed:
        return f"a sign or a clear sentence for {best['value']}, which so far only its words together make likely"
    return f"{best['value']} has enough weight too ({best['score']:.2f}); the rule above preferred {value}"


def _claimed_instead(value: str, evidence: list[dict[str, Any]], scores: list[dict[str, Any]]) -> str:
    """What the text claims, which would count were fewer of the members known."""
    placed = max((float(sign["weight"]) for sign in evidence if sign["signal_id"] == "members_places"), default=0.0)
    claims = {score["value"]: float(score["score"]) - (placed if score["value"] == value else 0) for score in scores}
    claims = {claimed: weight for claimed, weight in claims.items() if weight > 0}
    if not claims:
        return "were too few of its members known, it would be unknown: no text claims a coverage"
    best = max(claims, key=lambda claimed: (claims[claimed], claimed == value))
    if best == value:
        return f"members in other countries or regions: what the texts claim is {value}, too"
    return f"were too few of its members known, the text's claim would count: {best} ({claims[best]:.2f})"
