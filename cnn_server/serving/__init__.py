"""The server that people connect to: one process, an event loop for connections, threads for calls.

    sockets -> connection (heads, slow readers) -> bridge (bodies) -> a thread: the application -> bridge -> connection

A connection costs a socket and no thread: not while it says nothing, sends slowly, reads slowly or watches a run. A
thread is taken when the whole request is there, and given back before the first byte of the answer is sent. uvicorn
parses and frames; what it leaves open (heads, bodies and readers without a limit of time) is closed here. The
application is a WSGI application like any other, and other servers can serve it.
"""
