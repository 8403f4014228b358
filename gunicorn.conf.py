"""How gunicorn serves Convoscope where a person installs it and starts it here: `gunicorn app:app`.

`make run` and `make serve` do not: it waits for clients that linger, where the server of cnn_server/serving does not.
A viewer of a run keeps a thread for as long as it watches, and waits nearly all of that time: hence many threads in one
process rather than many processes. Training happens in processes of its own.
"""

worker_class = "gthread"
workers = 1
threads = 640  # MAX_VIEWERS and some for the calls of the pages
worker_connections = 2000
graceful_timeout = 3  # seconds for open streams when it ends: whoever watches connects again
keepalive = 15
