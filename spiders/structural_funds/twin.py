"""Publishers of lists of beneficiaries, each with the shape, encoding and amounts that its list was seen to have."""

from __future__ import annotations

import csv
import io
import json
from typing import Literal

from spiders.sandbox.facts import Row, table
from spiders.sandbox.server import Answer, Request, not_found
from spiders.sandbox.workbook import XLSX, workbook

PAGES = {
    "www.efre.gv.at": ("AT22", "/downloads/Steiermark-ERDF.csv"),
    "www.dotaceeu.cz": ("CZ", "/seznam/Projekty-2014-2020.xlsx"),
    "regionalt.erhvervsstyrelsen.dk": ("DK", "/files/projektliste.csv"),
    "www.itms2014.sk": ("SK", "/export/projekty.json"),
    "www.strukturfonds.sachsen.de": ("DED", "/download/Verzeichnis_der_Beguenstigten.csv"),
}


def answer(request: Request, night: int) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /intern/\n", "text/plain")
    if request.host not in PAGES:
        return not_found()
    code, path = PAGES[request.host]
    if request.path == "/":
        return Answer(
            f'<html><body><main><a href="/impressum">Impressum</a><a href="{path}">Liste</a></main></body></html>'.encode()
        )
    if request.path != path:
        return not_found()
    rows = [row for row in table("beneficiary_list", night) if row["list"] == code]
    return SHAPES[code](rows)


def separated(
    rows: list[list[str]],
    mark: str,
    encoding: str = "utf-8",
    end: str = "\n",
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL,
) -> Answer:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator=end, quoting=quoting).writerows(rows)
    return Answer(text.getvalue().encode(encoding), "text/csv")


def styria(rows: list[Row]) -> Answer:
    head = ["Begünstigte", "Bezeichnung des Vorhabens", "öffentliche Beteiligung(EU+nationale Kofinanzierung)"]
    head.append("Status - G genehmigt - A ausbezahlt")
    return separated([head, *([r["beneficiary"], r["operation"], r["eu"], r["status"]] for r in rows)], ",")


def czechia(rows: list[Row]) -> Answer:
    head = ["Registrační číslo projektu", "Název projektu CZ", "Žadatel", "Kód stavu", "Název stavu", "Číslo výzvy"]
    head += ["Název výzvy", "Operační program", "CZV projektu", "Příspěvek EU"]
    cells = [
        [r["number"], r["operation"], r["beneficiary"], "", r["status"], "", "", r["programme"], r["total"], r["eu"]]
        for r in rows
    ]
    return Answer(workbook({"Export": [head, *cells]}), XLSX)


def denmark(rows: list[Row]) -> Answer:
    head = ["Projektitel / Operation name", "Startdato / Operation start date", "Slutdato / Operation end date"]
    head += [
        "Budget / Budget",
        "EU-medfinansiering / Union co-financing",
        "Kontraktansvarlig partner / Beneficiary name",
    ]
    head += ["Postnr / Operation postcode", "Bynavn / City name", "Partere / Project partners"]
    columns = ("operation", "start", "end", "total", "eu", "beneficiary", "postcode", "city")
    cells = [[*(r[c] for c in columns), r["partners"].replace("; ", "\n")] for r in rows]
    return separated([head, *cells], ";", "latin-1", quoting=csv.QUOTE_ALL)


def slovakia(rows: list[Row]) -> Answer:
    about, body = "základné_údaje-údaje_o_projekte-", "prijímateľ_a_partneri-prijímateľ-"
    sum_of = "výška_finančných_prostiedkov_projektu-zazmluvnená_výška_nfp-"
    when = "harmonogram_realizácie_projektu--"
    found = [
        {
            f"{about}kód_projektu": r["number"],
            f"{about}názov_projektu": r["operation"],
            f"{body}obchodné_meno_/_názov": r["beneficiary"],
            f"{sum_of}celková_zazmluvnená_suma": r["total"],
            f"{sum_of}zazmluvnená_suma_nfp": r["eu"],
            f"{when}začiatok_realizácie_hlavných_aktivít_projektu": r["start"],
            f"{when}ukončenie_realizácie_hlavných_aktivít_projektu": r["end"],
        }
        for r in rows
    ]
    return Answer(json.dumps(found, ensure_ascii=False).encode(), "application/json")


def saxony(rows: list[Row]) -> Answer:
    head = ["1. Name des Begünstigten", "2. Bezeichnung des Vorhabens", "4. Datum des Beginns des Vorhabens"]
    head += ["5. Datum des Endes des Vorhabens", "6. Gesamtbetrag der förderfähigen Ausgaben des Vorhabens"]
    head += ["8. Durchführungsort des Vorhabens", "16. Vorhabensident"]
    cells = [[r["beneficiary"], r["operation"], r["start"], r["end"], r["total"], r["city"], r["number"]] for r in rows]
    return separated([head, *cells], ",", end="\r\n")


SHAPES = {"AT22": styria, "CZ": czechia, "DK": denmark, "SK": slovakia, "DED": saxony}
