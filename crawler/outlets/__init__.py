"""The outlets: which newsrooms are read, where they list their articles, and how to behave."""

from crawler.outlets.catalogue import Catalogue, load_catalogue, packaged_catalogue
from crawler.outlets.outlet import Outlet

__all__ = ["Catalogue", "Outlet", "load_catalogue", "packaged_catalogue"]
