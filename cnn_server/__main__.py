"""`python -m cnn_server`: the same as the console command."""

from cnn_server.cli import main

main()
