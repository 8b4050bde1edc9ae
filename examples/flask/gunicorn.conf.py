"""How gunicorn serves the stockroom; see https://docs.gunicorn.org/en/stable/settings.html."""

from bookshop_common.config import read_integer

workers = read_integer("WEB_CONCURRENCY", default=2)
threads = 4
timeout = 30
graceful_timeout = 30
max_requests = 1000
max_requests_jitter = 100
accesslog = "-"
control_socket_disable = True
