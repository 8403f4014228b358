"""The door: `python app.py`, `flask --app app run`, and any WSGI server with `app:app`."""

from cnn_server import create_app, start_workers
from cnn_server.cli import main

app = create_app()
start_workers(app)

if __name__ == "__main__":
    main(app=app)
