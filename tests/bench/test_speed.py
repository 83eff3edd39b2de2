"""The speeds that the issue of the spine promises, with room for a busy machine."""

from __future__ import annotations

import pytest

from tests.bench import cordis, register


@pytest.mark.real
def test_the_organisation_table_is_loaded_in_three_times_what_duckdb_takes(shared, tmp_path):
    ours, plain = cordis.csv_ratio(tmp_path)
    assert ours <= 3 * plain


@pytest.mark.real
def test_the_xml_archive_is_read_at_a_third_of_a_bare_loop(shared):
    ours, bare, _ = cordis.xml_ratio()
    assert bare / ours >= 1 / 3


def test_the_registers_file_is_read_in_under_300_megabytes():
    found = register.measure()
    assert found["rows"] == register.REGISTRANTS
    assert found["megabytes"] < 300
