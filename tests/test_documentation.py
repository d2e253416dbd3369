"""What exists is documented: commands, options, recipes, datasets, files, public names, environment variables.

That links and anchors between the pages of the site lead somewhere is checked when the site is built.
"""

import re
from pathlib import Path

import pytest
import typer
import yaml

import scribal
from scribal.cli import app
from scribal.data import DATASETS
from scribal.recipes import RECIPES
from scribal.runs import FILES
from scribal.runs.settings import ENGINES, OPTIMIZERS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
TOP = typer.main.get_command(app).commands
COMMANDS = {name: command for name, command in TOP.items() if not hasattr(command, "commands")} | {
    f"{group} {name}": command
    for group, commands in TOP.items()
    for name, command in getattr(commands, "commands", {}).items()
}
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def section(command):
    """The part of commands.md under the heading that names the command."""
    parts = re.split(r"^## ", page("commands.md"), flags=re.MULTILINE)
    return next(part for part in parts if f"`scribal {command}" in part.splitlines()[0])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command):
    text = section(command)
    for parameter in COMMANDS[command].params:
        for name in parameter.opts:
            if name.startswith("--") and name != "--help":
                assert f"| `{name}` |" in text, f"scribal {command} {name}"
    assert COMMANDS[command].help


@pytest.mark.parametrize("command", COMMANDS)
def test_no_option_is_documented_that_does_not_exist(command):
    documented = set(re.findall(r"^\| `(--[a-z-]+)` \|", section(command), flags=re.MULTILINE))
    assert documented <= {name for parameter in COMMANDS[command].params for name in parameter.opts}


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_documented_with_its_parameters(name):
    row = next(line for line in page("recipes.md").splitlines() if line.startswith(f"| `{name}` |"))
    assert f"| {RECIPES[name].parameters:,} |" in row
    assert f"{RECIPES[name].epochs:,} epochs" in row


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_is_documented_with_its_size(name):
    row = next(line for line in page("datasets.md").splitlines() if line.startswith(f"| `{name}` |"))
    assert f"| {DATASETS[name].training_count:,} +" in row


@pytest.mark.parametrize("name", FILES)
def test_every_file_of_a_run_is_documented(name):
    assert f"`{name}`" in page("run-folder.md")


@pytest.mark.parametrize("choice", [*OPTIMIZERS, *ENGINES])
def test_every_choice_is_documented(choice):
    assert choice in section("train")


def test_every_environment_variable_is_documented():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for name in set(re.findall(r"SCRIBAL_[A-Z_]+", source)):
        assert name in "".join(path.read_text(encoding="utf-8") for path in PAGES)


@pytest.mark.parametrize("name", [name for name in scribal.__all__ if not name.startswith("_")])
def test_every_public_name_has_a_docstring(name):
    assert getattr(scribal, name).__doc__


@pytest.mark.parametrize("name", [name for name in scribal.__all__ if not name.startswith("_")])
def test_every_public_name_is_in_the_reference(name):
    assert f"::: scribal.{name}\n" in page("reference/scribal.md")


def test_every_page_is_in_the_navigation():
    def pages(entry):
        if isinstance(entry, str):
            return {entry}
        return set().union(*map(pages, entry.values() if isinstance(entry, dict) else entry))

    from_the_root = {"architecture.md", "changelog.md"}
    assert pages(SITE["nav"]) == from_the_root | {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert SITE["strict"] is True


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_both_readmes_name_the_two_commands():
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "make demo" in text
        assert "make test" in text
