"""When things run, and in which order."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("metaclusters")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0"
