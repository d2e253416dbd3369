import re

import numpy as np
import pytest

from browser import BrowserPage
from scribal.exceptions import ArgumentError
from scribal.runs.pages import pixels_address, svg_address, write_page

TEMPLATE = """{% extends "page.html.jinja" %}
{% import "parts.html.jinja" as parts %}
{% block title %}{{ name }}{% endblock %}
{% block header %}<h1>{{ name }}</h1>{% endblock %}
{% block main %}
{{ parts.facts([(name, 0.5|percent)]) }}
{{ parts.command("scribal " ~ name) }}
{{ parts.gallery([{"address": picture, "caption": "4", "description": "a four"}]) }}
<img id="drawing" src="{{ drawing }}" alt="">
{% endblock %}
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20"/></svg>'


@pytest.fixture
def page(tmp_path):
    (tmp_path / "own.html.jinja").write_text(TEMPLATE)
    picture = pixels_address(np.arange(28 * 28, dtype=np.uint16).reshape(28, 28).astype(np.uint8))
    write_page(
        tmp_path / "own.html",
        tmp_path / "own.html.jinja",
        name="<b>bold</b>",
        picture=picture,
        drawing=svg_address(DRAWING),
    )
    return tmp_path / "own.html"


def test_a_page_of_its_own_extends_the_base(page):
    html = page.read_text(encoding="utf-8")
    assert "<b>" not in html
    assert html.count("&lt;b&gt;bold&lt;/b&gt;") == 4
    assert "prefers-color-scheme: dark" in html
    assert "50.00\u202f%" in html


@pytest.mark.parametrize(("dark", "paper"), [(False, "rgb(255, 255, 255)"), (True, "rgb(20, 24, 29)")])
def test_a_browser_shows_it_light_and_dark(browser_page, page, dark, paper):
    shown = browser_page.open(page, dark=dark)
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    sizes = shown.eval_on_selector_all("img", "all => all.map(image => [image.naturalWidth, image.naturalHeight])")
    assert sizes == [[28, 28], [30, 20]]


def test_a_page_can_load_and_run_nothing(browser, page):
    text = page.read_text(encoding="utf-8")
    other = page.with_name("other.html")
    address = "https://example.com/picture.png"
    other.write_text(text.replace("<main>", f"<main><script>document.title = 'ran'</script><img src='{address}'>"))
    opened = BrowserPage(browser)
    shown = opened.open(other)
    assert shown.title() == "<b>bold</b>"
    assert len(opened.errors) == 2
    assert all(re.search("Content Security Policy", error) for error in opened.errors)
    assert opened.requests == [address]  # tried, and refused


@pytest.mark.parametrize("pixels", [np.zeros((28, 28)), np.zeros(784, np.uint8), np.zeros((2, 2, 4), np.uint8)])
def test_pictures_are_grey_or_colour(pixels):
    with pytest.raises(ArgumentError, match="uint8 of shape"):
        pixels_address(pixels)
