"""What people keep in a folder."""

from __future__ import annotations

from threading import Thread

import pytest

from cnn_server.kept_files import KeptFiles, Rules


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_deleted_while_it_is_being_shared_stays_deleted(tmp_path, monkeypatch, processes):
    """Each process has a shelf of its own."""
    shelf, *others = (KeptFiles(tmp_path, "model", Rules(3600, 10**6, 9)) for _ in range(processes))
    shelf.keep("paper", b"numbers", "ada")
    shelf.share("paper", True)
    assert (shelf.shared(), shelf.get("paper")) == (["paper"], b"numbers")
    deleting, read = [], KeptFiles.get

    def read_while_it_is_deleted(own, name):
        data = read(own, name)
        deleting.append(Thread(target=[shelf, *others][-1].drop, args=(name,)))
        deleting[-1].start()
        deleting[-1].join(0.2)
        return data

    monkeypatch.setattr(KeptFiles, "get", read_while_it_is_deleted)
    shelf.share("paper", False)
    deleting[0].join()
    assert shelf.about("paper") is None
