"""Docs that can go stale are run: the README's questions, the commands that pages name, the facts they state."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.conftest import ROOT, metaclusters

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", README, re.S)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_readme_asks_five_questions():
    assert len(QUESTIONS) == 5


@pytest.mark.parametrize("sql", QUESTIONS, ids=range(len(QUESTIONS)))
def test_each_question_of_the_readme_runs_unedited_and_has_an_answer(release, sql):
    assert release.execute(sql).fetchall()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_pages_name_exist(page):
    from flows.cli import app

    known = {command.callback.__name__ for command in app.registered_commands}
    named = set(re.findall(r"metaclusters ([a-z]+)\b", page.read_text(encoding="utf-8")))
    assert named - {"is", "holds"} <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_pages_lead_somewhere(page):
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_nightly_deployment_names_the_flow():
    (deployment,) = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    file, function = deployment["entrypoint"].split(":")
    assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8")


def test_makefile_offers_the_two_commands():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^refresh: ", text, re.M)
    assert re.search(r"^test: ", text, re.M)
    assert metaclusters("--help").status == 0
