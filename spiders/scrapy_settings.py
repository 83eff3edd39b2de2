"""Scrapy's settings that no source changes: manners first. `spiders.crawl` adds the source's own."""

BOT_NAME = "metaclusters"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "metaclusters"
AUTOTHROTTLE_ENABLED = True
RANDOMIZE_DOWNLOAD_DELAY = False
COOKIES_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
RETRY_TIMES = 2
# Nothing listens while a crawl runs, and what a crawl does not need is not imported: one starts in half the time.
EXTENSIONS = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
}
LOG_LEVEL = "INFO"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.middlewares.Robots": 100,
    "spiders.middlewares.OptOut": 540,
    # After the retry middleware has seen an answer there is nothing left to wait for.
    "spiders.middlewares.RetryAfter": 560,
    # Nearest to the network, so that what is archived is what was sent.
    "spiders.middlewares.Archive": 950,
}
