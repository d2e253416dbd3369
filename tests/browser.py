"""A real browser in tests, without a network."""

from pathlib import Path

__all__ = ["BrowserPage", "start_browser"]

# As in a container: no further container inside, no graphics card, little shared memory.
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
_OWN_SCHEMES = ("file:", "data:", "about:")


def start_browser(playwright, executable):
    """Start Chromium; nothing of it outlives the tests."""
    return playwright.chromium.launch(executable_path=executable, args=_OPTIONS)


class BrowserPage:
    """Pages opened in a browser that has no network; what goes wrong in them is collected.

    Attributes:
        errors: What the console called an error, and every exception.
        requests: Addresses that were asked for outside the page's own file.
    """

    def __init__(self, browser) -> None:
        self._browser = browser
        self._contexts = []
        self.errors = []
        self.requests = []

    def open(self, path: Path, *, width=1280, dark=False, script=True):
        """Open a file and give Playwright's ``Page``."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            offline=True,
        )
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._note_request)
        page.goto(path.resolve().as_uri())
        return page

    def _note_request(self, request) -> None:
        if not request.url.startswith(_OWN_SCHEMES):
            self.requests.append(request.url)

    def close(self) -> None:
        """Close all pages; none may have complained or asked for anything."""
        for context in self._contexts:
            context.close()
        assert self.errors == []
        assert self.requests == []
