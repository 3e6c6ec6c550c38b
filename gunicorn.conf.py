"""How the site is served: ``gunicorn wsgi:app`` reads this file by itself.

Set ``WEB_CONCURRENCY`` for another number of processes than the machine has cores.
"""

import os

bind = os.environ.get("TACHAWOR_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", os.cpu_count() or 2))
#: Requests wait for the database more than they compute; each thread may hold one connection.
threads = 8
#: A phone on a slow line sends the next form over the same connection.
keepalive = 20
timeout = 180
graceful_timeout = 30
#: Code and templates are read once, before the processes part.
preload_app = True
