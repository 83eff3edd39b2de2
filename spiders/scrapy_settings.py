"""Scrapy's settings that no source changes: manners first. `spiders.crawl` adds the source's own."""

BOT_NAME = "metaclusters"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "metaclusters"
AUTOTHROTTLE_ENABLED = True
RANDOMIZE_DOWNLOAD_DELAY = False
COOKIES_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
RETRY_TIMES = 2
# Nothing listens while a crawl runs.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "INFO"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.middlewares.Robots": 100,
    "spiders.middlewares.OptOut": 540,
    # After the retry middleware has seen an answer there is nothing left to wait for.
    "spiders.middlewares.RetryAfter": 560,
    # Nearest to the network, so that what is archived is what was sent.
    "spiders.middlewares.Archive": 950,
}
