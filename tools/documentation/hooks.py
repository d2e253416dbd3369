"""What the documentation site needs beyond MkDocs: pages from the root of the repository, formulas, and a last check.

MkDocs calls the functions below while it builds (https://www.mkdocs.org/dev-guide/plugins/#events); ``mkdocs.yml``
names this file. A warning that is logged here stops the build, as every other one does.
"""

import html
import logging
import re
from pathlib import Path

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

__all__ = ["on_files", "on_page_content", "on_post_build", "on_post_page"]

ROOT = Path(__file__).parents[2]
# Pages that stand at the root for readers of the repository, and their names on the site.
ROOT_PAGES = {"ARCHITECTURE.md": "architecture.md", "CHANGELOG.md": "changelog.md"}

# What pymdownx.arithmatex makes of $...$ and $$...$$.
_FORMULA = re.compile(r'<(span|div) class="arithmatex">\s*\\[(\[](.*?)\\[)\]]\s*</\1>', re.DOTALL)
# What a browser would fetch by itself; links that a reader may follow are not among it.
_FETCHED = re.compile(
    r'<(?:script|img|iframe|source)[^>]*\ssrc="(?:https?:)?//|<link[^>]*rel="(?:stylesheet|preconnect)'
    r'"[^>]*href="(?:https?:)?//|url\(["\']?(?:https?:)?//'
)

_log = logging.getLogger("mkdocs.hooks.documentation")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the root's pages to the site, with their links pointing as seen from docs/."""
    for name, page in ROOT_PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
        for other, target in ROOT_PAGES.items():
            text = text.replace(f"]({other})", f"]({target})")
        files.append(File.generated(config, page, content=text))
    return files


def on_page_content(content: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 (as called)
    """Turn formulas into MathML, which browsers draw by themselves."""

    def formula(found: re.Match[str]) -> str:
        return convert(html.unescape(found[2]).strip(), display="block" if found[1] == "div" else "inline")

    return _FORMULA.sub(formula, content)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG001 (as called)
    """Say of a Chinese page that it is Chinese, to browsers, which choose fonts by it, and to screen readers."""
    return output.replace('<html lang="en"', '<html lang="zh-Hans"', 1) if page.url.startswith("zh/") else output


def on_post_build(config: MkDocsConfig) -> None:
    """Warn of pages and styles that would fetch something from elsewhere."""
    site = Path(config.site_dir)
    for path in sorted([*site.rglob("*.html"), *site.rglob("*.css")]):
        for found in _FETCHED.finditer(path.read_text(encoding="utf-8")):
            _log.warning("A page must load nothing from elsewhere. %s: %s", path.relative_to(site), found[0])
