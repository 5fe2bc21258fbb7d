"""A printing process whose own check is gone: whatever a document asks for is fetched. Only its locks hold."""

from functools import partial

from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from competition.core import press
from competition.core.confined import Limits


class CarelessFetcher(press.AssetFetcher):
    """Gives what is asked for, from wherever it is."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if url.removeprefix("asset:") in self.assets:
            return super().fetch(url, headers)
        return URLFetcher(timeout=3).fetch(url, headers)


if __name__ == "__main__":
    press.AssetFetcher = CarelessFetcher  # type: ignore[misc]
    press.serve(partial(press.print_one, fonts=FontConfiguration(), limits=press.DEFAULTS), Limits.given())
