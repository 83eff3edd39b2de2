"""From a source's landing to tidy frames: pure functions on Polars frames."""
