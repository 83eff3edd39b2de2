"""The article: a curated table, no crawl."""
