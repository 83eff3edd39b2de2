"""Runs gates on DuckDB itself: no pandas copy, nothing sent anywhere, static pages as Data Docs."""

from __future__ import annotations

import html
import re
import shutil
import warnings
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)

from expectations.gate import ERROR, WARN, Finding
from expectations.suites import Suites

# The dialect needs all three, or every expectation fails with 'list index out of range'.
CONNECTION = {
    "isolation_level": "AUTOCOMMIT",
    "skip_autocommit_rollback": True,
    "pool_reset_on_return": None,
    "connect_args": {"read_only": True},
}
STYLE = (
    "<style>body{font:14px/1.4 system-ui,sans-serif;margin:1rem}table{border-collapse:collapse}"
    "td,th{border:1px solid #ccc;padding:.25rem .5rem;vertical-align:top}</style>"
)


def validate(database: Path, suites: Suites, docs: Path) -> list[Finding]:
    """Findings of every expectation; an expectation that raises counts as failed. Data Docs go to `docs`.

    No other connection of this process may hold `database` open meanwhile.
    """
    docs = docs.resolve()
    context = gx.get_context(mode="ephemeral", project_config=_config(docs))
    source = context.data_sources.add_sql("db", connection_string=f"duckdb:///{database}", kwargs=CONNECTION)
    try:
        definitions = [_definition(context, source, table, expectations) for table, expectations in suites.items()]
        checkpoint = context.checkpoints.add(
            gx.Checkpoint(
                name="gates",
                validation_definitions=definitions,
                result_format={"result_format": "SUMMARY", "partial_unexpected_count": 5},
            )
        )
        result = checkpoint.run()
        findings = [
            _finding(run.asset_name, expectation) for run in result.run_results.values() for expectation in run.results
        ]
        context.build_data_docs(site_names=["local"])
    finally:
        _let_go(source)
    _make_offline(docs)
    expected = sum(len(expectations) for expectations in suites.values())
    if len(findings) != expected:
        raise RuntimeError(f"{len(findings)} findings for {expected} expectations")
    return sorted(findings, key=lambda finding: (finding.success, finding.table, finding.gate))


def _config(docs: Path) -> DataContextConfig:
    return DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
        data_docs_sites={
            "local": {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        },
    )


def _definition(context: Any, source: Any, table: str, expectations: list[Any]) -> Any:
    schema, name = table.split(".")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # schema_name has no successor on plain SQL sources
        asset = source.add_table_asset(table, table_name=name, schema_name=schema)
    suite = context.suites.add(gx.ExpectationSuite(name=table, expectations=expectations))
    batch = asset.add_batch_definition_whole_table("all")
    return context.validation_definitions.add(gx.ValidationDefinition(name=table, data=batch, suite=suite))


def _finding(table: str, result: Any) -> Finding:
    config = result.expectation_config
    shown = result.result or {}
    error = _error(result.exception_info or {})
    unexpected = shown.get("unexpected_count")
    if config.type == "unexpected_rows_expectation":
        unexpected = shown.get("observed_value")
    return Finding(
        gate=config.meta["gate"],
        table=table,
        severity=ERROR if config.severity.value == "critical" else WARN,
        success=bool(result.success) and error is None,
        notes=str(config.notes or ""),
        unexpected=unexpected if isinstance(unexpected, int) else None,
        observed=shown.get("observed_value"),
        error=error,
    )


def _error(info: dict[str, Any]) -> str | None:
    """What was raised; the shape is flat where nothing was, else one entry a metric."""
    infos = [info] if "raised_exception" in info else list(info.values())
    return next((str(i["exception_message"]) for i in infos if i.get("raised_exception")), None)


def _let_go(source: Any) -> None:
    """Close both engines, or the file stays locked."""
    engine = source.get_execution_engine()
    engine.close()
    engine.engine.dispose()
    source.get_engine().dispose()


def _make_offline(docs: Path) -> None:
    """The pages ask other hosts for styles and scripts: take those out, and write an index of our own."""
    for page in docs.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        text = re.sub(r"<script\b.*?</script>", "", text, flags=re.S)
        text = re.sub(r"""<(?:link|img)\b[^>]*?(?:href|src)=["'](?:https?:)?//[^>]*>""", "", text)
        text = re.sub(r"<footer>.*?</footer>", "", text, flags=re.S)
        text = re.sub(r"""url\(["']?(?:https?:)?//[^)]*\)""", "none", text)
        page.write_text(text.replace("</head>", f"{STYLE}</head>", 1), encoding="utf-8")
    shutil.rmtree(docs / "static", ignore_errors=True)
    pages = sorted(page.relative_to(docs) for page in docs.glob("validations/**/*.html"))
    items = "".join(
        f'<li><a href="{html.escape(str(page))}">{html.escape(page.stem.removeprefix("db-"))}</a></li>'
        for page in pages
    )
    index = f"<!doctype html><meta charset=utf-8><title>Gates</title>{STYLE}<h1>Gates</h1><ul>{items}</ul>"
    (docs / "index.html").write_text(index, encoding="utf-8")
