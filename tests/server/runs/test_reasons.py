"""Why a run ended is kept as a message and said in the language of whoever reads it; older runs stay readable."""

from __future__ import annotations

import math

import numpy as np
import orjson
import pytest

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.words import Message, say
from cnn_engine.words.pseudo import FIRST
from cnn_server.runs import reasons
from cnn_server.runs.commands import stopped_by_hand
from cnn_server.runs.record import Run
from tests.pseudo_texts import assert_said

from .support import BY_HAND, a_run, parsed, work_to_the_end
from .test_api import commanded, started

PSEUDO = {"Accept-Language": "qps"}
DIED = {"layers": (3, 5), "since_step": 17, "loss": 2.302585}
IN_WORDS = (
    "The network has died: in layers 3 and 5 every ReLU has given 0 for every sample since step 17, so no gradient "
    "passes it and the loss stays at 2.3."
)
MESSAGES = [
    Message("ends.complete", {"epochs": 4}),
    Message("ends.complete", {"epochs": 1}),
    Message("ends.stopped_early", {"epoch": 7}),
    Message("ends.validation_loss_not_finite", {"step": np.int64(31)}),
    stopped_by_hand(0),
    stopped_by_hand(6),
    Message("runs.workers_lost", {"count": 4, "step": 0}),
    Message("runs.died", DIED),
    ParameterError("less_than", "stride", name="stride", value=math.nan, low=1).message,
    ParameterError("not_a_pair", "stride", name="stride", value=[1, "x", None]).message,  # as it looked
    ShapeError("parameter_of_another_shape", "w", name="w", shape=(2, 3), expected=(3, 2)).message,  # with tuples
]


@pytest.fixture
def speaking(make_app):
    return make_app(PSEUDO_LANGUAGE=True)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.id)
def test_a_message_says_the_same_once_it_was_stored(message):
    stored = orjson.loads(orjson.dumps(reasons.kept("reason", message)))
    assert stored["reason"] == say(message)
    assert reasons.worded(stored) == {"reason": say(message)}
    assert_said(say(message), reasons.worded(stored, "qps")["reason"])


def test_a_message_within_another_is_stored_with_it():
    inner = Message("runs.worker_silent", {})
    stored = orjson.loads(orjson.dumps(reasons.kept("reason", Message("runs.waits_to_be_written", {"trouble": inner}))))
    assert reasons.worded(stored)["reason"].startswith(say(inner))
    assert reasons.worded(stored, "qps")["reason"].startswith(FIRST)


def test_the_words_for_a_network_that_died():
    assert say(Message("runs.died", DIED)) == IN_WORDS
    assert "in layer 3 every" in say(Message("runs.died", DIED | {"layers": (3,)}))


@pytest.mark.parametrize("words", [{}, {"words": {"id": "ends.of_a_later_version", "args": {}}}, {"words": {}}])
def test_a_run_of_another_version_is_read_with_the_text_that_it_has(words):
    old = {"state": "finished", "reason": "4 epochs are complete", "evidence": {}}
    run = a_run()
    run.state, run.end = "finished", old | words
    read = Run.read(run.fixed_json(), run.changing_json())
    assert reasons.worded(read.end, "qps") == old


def test_an_end_is_told_in_the_language_of_each_reader(speaking):
    client = speaking.test_client()
    run_id = started(client)["id"]
    commanded(client, run_id, "stop")
    english = {"state": "stopped", "reason": "Stopped by hand before it began.", "evidence": {}}
    marked = english | {"reason": say(stopped_by_hand(0), "qps")}
    for path in (f"/api/runs/{run_id}", f"/api/runs/{run_id}/events"):
        for headers, expected in (({}, english), (PSEUDO, marked)):
            answer = client.get(path, headers=headers)
            end = answer.json["end"] if answer.is_json else parsed(answer.data)[-1][2]
            assert end == expected


def test_a_warning_is_told_in_the_language_of_each_reader(speaking):
    client = speaking.test_client()
    run_id = started(client)["id"]
    warning = reasons.kept("message", Message("runs.died", DIED)) | {"kind": "dead", "evidence": {}}
    speaking.extensions["runs"].store().change(run_id, lambda run: setattr(run, "warning", warning))
    for headers, text in (({}, IN_WORDS), (PSEUDO, say(Message("runs.died", DIED), "qps"))):
        expected = {"kind": "dead", "message": text, "evidence": {}}
        assert client.get(f"/api/runs/{run_id}", headers=headers).json["warning"] == expected
        heard = iter(client.get(f"/api/runs/{run_id}/events", headers=headers, buffered=False).response)
        events = parsed(next(heard)) + parsed(next(heard))
        assert ("warning", None, expected) in events


def test_what_a_worker_stores_of_a_run_that_ends(sqlite):
    sqlite.add(a_run(epochs=1))
    end = work_to_the_end(sqlite).end
    assert end["words"] == {"id": "ends.complete", "args": {"epochs": 1}}
    assert reasons.worded(end, "qps")["reason"] == say(Message("ends.complete", {"epochs": 1}), "qps")


def test_a_stopped_run_says_so():
    run = a_run()
    run.finish("stopped", BY_HAND, {}, 1.0)
    assert reasons.worded(run.end) == {"state": "stopped", "reason": "Stopped by hand after step 6.", "evidence": {}}
