"""All the real files beside the checkout: every row is loaded or set aside with its reason, or the file is refused."""

from __future__ import annotations

import pytest

from tests.bench.files import FILES, REFUSED, account
from transforms.cordis_files import File

pytestmark = pytest.mark.real
# What is known of the files, from their own descriptions: finest records, counted by others than us.
KNOWN = {
    "organization.derived_from_xml.2025-12-06.csv.xz": 115_851,
    "bia-warehouse_project.sql.gz": 25_778,
    "bia-warehouse_assign_fact.sql.gz": 25_620,
    "bia-reconciled_database_organization0.sql.gz": 30_399,
    "bia-reconciled_database_brief0.sql.gz": 6_910,
    "kohesio-data-export.BG_HR_CZ_HU_LT_SI_etc.tsv.gz": 19_672,
    "network_entities.csv.gz": 10_032,
    "interregbarometern_rawdata.7programmes.json": 839,
    "eccp_clusters_AL-HU_13_countries.csv": 528,
    "AT22_Steiermark-ERDF-2007-2013.csv": 4_649,
    "BE3_Region_Wallone_all_funds_2014-2020.json": 660,
    "DE1_ERDF_BaWue_2007-2013.csv": 1_498,
    "DE7_Hessen-ERDF-2007_2013.csv": 1_027,
    "DEA_nrw_ERDF_NRW_2014-2020.json": 160,
    "DED_FP_14-20_Verzeichnis_der_Beguenstigten_Stand_30-06-2016.csv": 2_256,
    "DK_ERDF_Denmark_2014-2020.original.csv": 107,
    "FI_projektilista-csv-final.original.csv": 2_881,
    "SK_all_funds_Slovakia_2014-2020.json": 177,
}


@pytest.mark.parametrize(("source", "name"), FILES, ids=[name.rpartition("/")[2] for _, name in FILES])
def test_every_row_is_loaded_or_set_aside(shared, tmp_path, source, name):
    found = account(source, shared / name, tmp_path)
    assert found.read == found.loaded + found.set_aside > 0
    assert sum(found.reasons.values()) >= found.set_aside
    assert found.read == KNOWN.get((shared / name).name, found.read)


@pytest.mark.parametrize(("source", "name"), REFUSED, ids=[name.rpartition("/")[2] for _, name in REFUSED])
def test_what_is_no_list_of_records_is_refused_in_one_sentence(shared, tmp_path, source, name):
    found = account(source, shared / name, tmp_path)
    assert found.refused.endswith((".", "dump."))
    assert "hand over" in found.refused


def test_broken_encoding_is_mended_as_the_clean_load_shows(shared):
    """Two loads of one table: 1,266 rows of the earlier one differ, 1,192 of them mend exactly."""
    folder = shared / "cordis_fp7_mysql"

    def bodies(name: str) -> dict[str, tuple[str, str]]:
        table = File(folder / name).read().organisations.select("organisationID", "name", "street").collect()
        return {row[0]: row[1:] for row in table.rows()}

    broken, clean = (
        bodies("bia-reconciled_database_organization.sql.gz"),
        bodies("bia-reconciled_database_organization0.sql.gz"),
    )
    # Where the later load lost a letter ('?'), the mended one has it: both say the same apart from it.
    lost = sum("?" in part for row in clean.values() for part in row if part)
    same = sum(broken[key] == clean[key] for key in clean)
    assert lost > 0
    assert len(clean) - same <= 80
