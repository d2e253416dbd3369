"""What the documentation site is made with beside MkDocs: its hooks, and how docstrings get onto it.

The site itself is built, every warning being an error, by ``make docs``.
"""

import logging
import shutil
from pathlib import Path

import pytest
import yaml
from griffe import Class, Docstring
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from tools.documentation import hooks
from tools.documentation.docstrings import DocstringsAsMarkdown
from tools.documentation.lesson import code


def test_formulas_become_mathml_in_the_line_and_on_lines_of_their_own():
    arithmatex = r'<span class="arithmatex">\(a &lt; b\)</span> <div class="arithmatex">\[\frac{1}{2}\]</div>'
    content = hooks.on_page_content(arithmatex, None, None, None)
    assert content.count("<math") == 2
    assert content.count('display="block"') == 1
    assert "<mo>&#x0003C;</mo>" in content
    assert "arithmatex" not in content


@pytest.mark.parametrize(
    ("name", "content", "complaints"),
    [
        ("page.html", '<script src="https://example.org/a.js"></script>', 1),
        ("page.html", '<link rel="stylesheet" href="//example.org/a.css">', 1),
        ("style.css", "@font-face { src: url(https://example.org/a.woff2) }", 1),
        ("page.html", '<a href="https://example.org/">elsewhere</a> <img src="a.png"> <img src="data:,">', 0),
    ],
)
def test_a_page_that_fetches_something_stops_the_build(tmp_path, caplog, name, content, complaints):
    (tmp_path / name).write_text(content, encoding="utf-8")
    config = MkDocsConfig()
    config.site_dir = str(tmp_path)
    with caplog.at_level(logging.WARNING, logger="mkdocs"):
        hooks.on_post_build(config)
    assert len(caplog.records) == complaints


def test_docstrings_become_markdown():
    text = "Add, as :func:`sum` does::\n\n    a + b\n\n>>> 1 + 1\n2\n\n::\n\n    end\n"
    documented = Class("Sum", docstring=Docstring(text))
    DocstringsAsMarkdown().on_object(obj=documented)
    expected = "Add, as `sum` does:\n\n    a + b\n\n```pycon\n>>> 1 + 1\n2\n```\n\n\n    end\n"
    assert documented.docstring.value == expected.rstrip("\n")


def test_a_function_is_shown_as_it_stands_without_its_docstring():
    from scribal.engine.reference.dense import dense

    shown = code(dense)
    assert shown.startswith('```python title="scribal/engine/reference/dense.py"\ndef dense(')
    assert "return inputs @ kernel" in shown
    assert "Multiply the last axis" not in shown


@pytest.fixture
def small_site(tmp_path):
    """Two pages in the look of the site, without what takes long: the folder in which they were built."""
    docs = Path(__file__).parent.parent / "docs"
    settings = yaml.safe_load((docs.parent / "mkdocs.yml").read_text(encoding="utf-8"))
    settings |= {"nav": None, "hooks": [], "plugins": ["search", "offline"]}
    shutil.copytree(docs / "style", tmp_path / "docs" / "style")
    (tmp_path / "docs" / "index.md").write_text("# Home\n\nA word: pooling.", encoding="utf-8")
    (tmp_path / "docs" / "inner").mkdir()
    (tmp_path / "docs" / "inner" / "page.md").write_text("# Inside\n\nConvolution and pooling.", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    build(load_config(str(tmp_path / "mkdocs.yml")))
    return tmp_path / "site"


def test_the_site_is_searched_from_a_folder_without_a_network(small_site, browser_page):
    page = browser_page.open(small_site / "inner" / "page.html")
    page.click("[data-md-component=search-query]")
    page.keyboard.type("pooling")
    page.wait_for_selector(".md-search-result__link")
    titles = page.locator(".md-search-result__link h1, .md-search-result__link h2").all_inner_texts()
    assert sorted(titles) == ["Home", "Inside"]
