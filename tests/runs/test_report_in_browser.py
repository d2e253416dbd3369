"""The report of a real run, as a reader has it in a browser, on a phone, in the dark, without scripts and on paper."""

from pathlib import Path

import pytest

SECTIONS = [
    "How it learned",
    "What it was shown",
    "What it confuses",
    "Its worst mistakes",
    "Right, but in doubt",
    "Class by class",
    "How sure it is, and how right",
    "The model",
    "Size and speed",
    "How it was trained",
    "In this folder",
    "What to type next",
    "The same again",
]
# W3C, Web Content Accessibility Guidelines 2.2, 1.4.3: text of usual size.
LEAST_CONTRAST = 4.5
CONTRASTS = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const channels = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (channels(colour)[3] === 255) return colour;
    }
    return "white";
  };
  return [...document.querySelectorAll("h1, h2, p, td, th, a, li, span, b, code, caption, figcaption, svg text")]
    .filter(e => e.textContent.trim() && e.getClientRects().length && getComputedStyle(e).visibility === "visible")
    .map(e => {
      const style = getComputedStyle(e);
      const text = luminance(channels(e.closest("svg") ? style.fill : style.color));
      const paper = luminance(channels(behind(e)));
      return [(Math.max(text, paper) + 0.05) / (Math.min(text, paper) + 0.05), e.textContent.trim().slice(0, 40)];
    });
}
"""


def test_every_section_is_documented():
    page = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    assert [section for section in SECTIONS if f"| {section} |" not in page] == []


@pytest.fixture
def report(finished_run):
    return finished_run / "report.html"


def test_pointing_at_a_chart_shows_the_values_there(browser_page, report):
    page = browser_page.open(report, script=False)
    loss = page.get_by_role("img", name="loss")
    reading = loss.locator(".reading").nth(1)
    assert not reading.locator(".value").is_visible()
    reading.locator(".band").hover()
    row = page.locator("table.epochs tbody tr").nth(1).inner_text().split()
    shown = reading.locator(".value").text_content().split()
    assert shown == ["epoch", row[0], "training", row[1], "validation", row[4]]
    assert reading.locator(".value").is_visible()
    assert loss.locator(".value >> visible=true").count() == 1


def test_a_cell_leads_to_its_pictures_without_a_script(browser_page, report):
    page = browser_page.open(report, script=False)
    assert page.locator(".cell >> visible=true").count() == 0
    link = page.locator(".matrix td.errors a").first
    times = int(link.inner_text().replace(",", ""))
    link.click()
    opened = page.locator(".cell >> visible=true")
    assert opened.count() == 1
    assert opened.locator("img").count() == times
    assert opened.locator("img").first.is_visible()
    assert "taken for" in opened.locator("h3").inner_text()
    page.get_by_role("link", name="Back to the table").locator("visible=true").click()
    assert page.locator(".cell >> visible=true").count() == 0


@pytest.mark.parametrize("dark", [False, True])
def test_everything_can_be_read(browser_page, report, dark):
    contrasts = browser_page.open(report, dark=dark).evaluate(CONTRASTS)
    assert len(contrasts) > 200
    assert min(contrasts) >= [LEAST_CONTRAST], min(contrasts)


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_has_to_be_scrolled_sideways(browser_page, report, width):
    page = browser_page.open(report, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("h2").all_inner_texts() == SECTIONS


def test_on_paper_all_sections_are_there(browser_page, report, tmp_path):
    page = browser_page.open(report)
    page.emulate_media(media="print")
    assert page.locator("h2 >> visible=true").all_inner_texts() == SECTIONS
    assert page.locator("svg >> visible=true").count() == 3
    page.pdf(path=tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
