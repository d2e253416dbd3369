"""Templates become pages."""

from pathlib import Path
from typing import Any

from scribal.files import write_text
from scribal.runs.pages.formats import address, count, duration, number, percent

__all__ = ["write_page"]

_SHARED = Path(__file__).parent


def write_page(path: Path, template: Path, **values: Any) -> None:
    """Write a page, whole or not at all.

    Whatever a value contains is shown as text; a template must mark nothing safe that comes from data or from users.

    Args:
        path: The HTML file.
        template: A Jinja template that extends ``page.html.jinja`` and may import ``parts.html.jinja``.
        values: What the template names; a name that is missing is an error. The filters ``percent``, ``count``,
            ``number``, ``duration`` and ``address`` are those of :mod:`scribal.runs.pages.formats`.

    Raises:
        RunError: The page cannot be written.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([template.parent, _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent,
        "count": count,
        "number": number,
        "duration": duration,
        "address": address,
    }
    write_text(path, environment.get_template(template.name).render(values))
