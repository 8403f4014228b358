"""POST /api/trace/{operation}: the lesson's own numbers, pages of steps, tensors on request."""

from __future__ import annotations

import pytest

LESSON = {"input": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "weight": [[0, 1], [2, 3]]}


def trace(client, operation="conv2d", **body):
    response = client.post(f"/api/trace/{operation}", json=body)
    assert response.status_code == 200, response.json
    return response.json


def test_the_lessons_convolution(client):
    answer = trace(client, **LESSON)
    assert answer["version"] == 1
    assert answer["op"] == "conv2d"
    assert answer["tensors"]["output"] == {"shape": [1, 2, 2], "values": [[[19.0, 25.0], [37.0, 43.0]]]}
    steps = answer["steps"]
    assert (steps["total"], steps["start"], steps["count"]) == (4, 0, 4)
    assert steps["output"] == [19.0, 25.0, 37.0, 43.0]
    assert steps["output_cell"] == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1]]
    assert steps["position"] == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert steps["window"][0] == [[[0.0, 1.0], [3.0, 4.0]]]
    assert steps["products"][0] == [[[0.0, 1.0], [6.0, 12.0]]]
    assert steps["row_sums"][0] == [[1.0, 18.0]]
    assert steps["channel_sums"][0] == [19.0]
    assert all(isinstance(sentence, str) and "19" in sentence for sentence in steps["description"][:1])
    assert len(steps["description"]) == 4


def test_presets_stand_for_the_same_numbers(client):
    by_name = trace(client, input={"preset": "lesson"}, weight={"preset": "lesson"})
    assert by_name["tensors"]["input"]["values"] == [[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]
    assert by_name["tensors"]["weight"]["values"] == [[[[0.0, 1.0], [2.0, 3.0]]]]
    assert by_name["tensors"]["output"]["values"] == [[[19.0, 25.0], [37.0, 43.0]]]


def test_a_preset_has_the_size_and_channels_asked_for(client):
    answer = trace(client, "flatten", input={"preset": "lesson", "size": [2, 3], "channels": 2})
    assert answer["tensors"]["input"] == {
        "shape": [2, 2, 3],
        "values": [[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], [[6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]],
    }


def test_a_seed_gives_the_same_numbers_again(client):
    body = {"input": {"preset": "random", "size": [6, 6], "seed": 7}}
    first, again = (trace(client, "flatten", **body)["tensors"]["output"] for _ in range(2))
    other = trace(client, "flatten", input={"preset": "random", "size": [6, 6], "seed": 8})["tensors"]["output"]
    assert first == again
    assert first != other


def test_the_bias_is_added_last(client):
    assert trace(client, **LESSON, bias=[0.5])["tensors"]["output"]["values"] == [[[19.5, 25.5], [37.5, 43.5]]]


def test_padding_stride_and_their_geometry(client):
    answer = trace(client, **LESSON, padding=1, stride=2)
    # the padded input is 5 x 5: windows at rows and columns 0 and 2
    assert answer["tensors"]["output"]["values"] == [[[0.0, 8.0], [21.0, 43.0]]]
    height = answer["geometry"]["height"]
    assert (height["input_size"], height["padding"], height["kernel_size"]) == (3, [1, 1], 2)
    assert (height["span"], height["quotient"], height["output_size"], height["unread"]) == (3, 1.5, 2, 1)


@pytest.mark.parametrize("padding", [1, [1, 1], [[1, 1], [1, 1]]])
def test_padding_may_be_written_in_three_ways(client, padding):
    assert trace(client, **LESSON, padding=padding)["tensors"]["output"]["shape"] == [1, 4, 4]


def test_max_pooling_has_no_value_outside_the_input(client):
    answer = trace(client, "max_pool2d", input=[[-1, -2], [-3, -4]], kernel_size=2, stride=2, padding=1)
    assert answer["steps"]["window"][0] == [[None, None], [None, -1.0]]
    assert answer["steps"]["selected"][0] == [1, 1]
    assert answer["tensors"]["output"]["values"] == [[[-1.0, -2.0], [-3.0, -4.0]]]
    assert answer["tensors"]["padded_input"]["values"][0][0] == [None] * 4


def test_average_pooling_says_what_it_divides_by(client):
    body = {"input": [[4, 8], [12, 16]], "kernel_size": 2, "stride": 2, "padding": 1}
    counted = trace(client, "avg_pool2d", **body)
    assert counted["steps"]["divisor"] == [4] * 4
    assert counted["steps"]["output"] == [1.0, 2.0, 3.0, 4.0]
    left_out = trace(client, "avg_pool2d", **body, count_include_pad=False)
    assert left_out["steps"]["divisor"] == [1] * 4
    assert left_out["steps"]["output"] == [4.0, 8.0, 12.0, 16.0]


def test_flatten_says_where_each_number_came_from(client):
    answer = trace(client, "flatten", input=[[[1, 2]], [[3, 4]]])
    assert answer["steps"]["output"] == [1.0, 2.0, 3.0, 4.0]
    assert answer["steps"]["output_cell"] == [0, 1, 2, 3]
    assert answer["steps"]["position"] == [[0, 0, 0], [0, 0, 1], [1, 0, 0], [1, 0, 1]]
    assert "geometry" not in answer
    assert "limits" not in answer


# ---- pages of steps


def test_steps_come_by_the_page(client):
    body = {"input": {"preset": "random", "size": [30, 30]}, "kernel_size": 1}
    whole = trace(client, "max_pool2d", **body)
    assert (whole["steps"]["total"], whole["steps"]["start"], whole["steps"]["count"]) == (900, 0, 512)
    rest = trace(client, "max_pool2d", **body, steps={"start": 512})["steps"]
    assert (rest["start"], rest["count"]) == (512, 388)
    flat = [value for row in whole["tensors"]["output"]["values"][0] for value in row]
    assert whole["steps"]["output"] + rest["output"] == flat


def test_a_page_ends_where_the_trace_does(client):
    steps = trace(client, **LESSON, steps={"start": 3, "count": 100})["steps"]
    assert (steps["total"], steps["start"], steps["count"]) == (4, 3, 1)
    assert steps["output"] == [43.0]


def test_the_size_of_a_page_is_a_setting(make_client):
    client = make_client(STEP_PAGE=3)
    assert trace(client, **LESSON)["steps"]["count"] == 3
    assert client.post("/api/trace/conv2d", json={**LESSON, "steps": {"count": 4}}).status_code == 413


def test_large_windows_make_the_page_smaller(make_client):
    client = make_client(MAX_PAGE_VALUES=60)
    body = {"input": {"preset": "lesson", "size": [6, 6]}, "kernel_size": [3, 3], "stride": 1}
    steps = trace(client, "max_pool2d", **body)["steps"]
    assert 1 <= steps["count"] <= 60 // 9
    response = client.post("/api/trace/max_pool2d", json={**body, "steps": {"count": 16}})
    assert response.status_code == 413
    assert response.json["errors"][0]["field"] == "steps.count"


# ---- tensors on request


@pytest.mark.parametrize("names", [[], ["output"], ["input", "weight"]])
def test_only_the_tensors_asked_for_are_answered(client, names):
    answer = trace(client, **LESSON, tensors=names)
    assert sorted(answer["tensors"]) == sorted(names)
    assert answer["steps"]["count"] == 4


def test_steps_of_an_output_too_large_to_send(client):
    """A trace is lazy: millions of steps cost nothing until they are asked for."""
    body = {"input": [[1] * 300] * 300, "weight": [[[[index]]] for index in range(100)]}
    last = {"tensors": ["bias"], "bias": [0.5] * 100, "steps": {"start": 8_999_998}}
    steps = trace(client, **body, **last)["steps"]
    assert (steps["total"], steps["count"]) == (9_000_000, 2)
    assert steps["output_cell"] == [[99, 299, 298], [99, 299, 299]]
    assert steps["output"] == [99.5, 99.5]
    response = client.post("/api/trace/conv2d", json=body)
    assert response.status_code == 413
    assert "9,000,000 values" in response.json["detail"]


# ---- limits


def test_limits_are_what_the_controls_may_reach(client):
    limits = trace(client, **LESSON)["limits"]
    assert limits["kernel_size"]["height"] == [1, 3]
    assert limits["stride"]["height"][0] == 1
    assert limits["padding"]["height"][0] == 0
    assert limits["input_size"]["height"] == [2, 32]
    assert limits["dilation"]["width"] == [1, 2]


def test_limits_name_the_choices_that_can_be_computed(client):
    wide = trace(client, **LESSON, padding=3)
    assert wide["limits"]["padding_mode"] == ["zeros", "replicate", "circular"]  # reflect needs less than the input
    pool = trace(client, "avg_pool2d", input=LESSON["input"], kernel_size=2)
    assert pool["limits"]["ceil_mode"] == [False, True]
    assert pool["limits"]["count_include_pad"] == [False, True]
    assert "padding_mode" not in pool["limits"]


def test_the_caps_of_limits_are_settings(make_client):
    limits = trace(make_client(LIMIT_INPUT_SIZE=5, LIMIT_PADDING=2), **LESSON)["limits"]
    assert limits["input_size"] == {"height": [2, 5], "width": [2, 5]}
    assert limits["padding"] == {"height": [0, 2], "width": [0, 2]}


def test_links_come_where_they_are_requested_for_the_tensors_that_come_too(client):
    assert "links" not in trace(client, **LESSON)
    answer = trace(client, **LESSON, parts=["links"], tensors=["padded_input", "output"])
    runs = [[0, 2], [1, 2]]
    assert answer["links"]["output"] == {
        "padded_input": [{"at": [0, 1]}, {"by": [1], "at": runs}, {"by": [2], "at": runs}]
    }
    assert set(answer["links"]) == {"output", "padded_input"}
    refused = client.post("/api/trace/conv2d", json={**LESSON, "parts": ["everything"]})
    assert refused.status_code == 422


def test_how_steps_are_shown_comes_when_requested(client):
    body = {"input": [[1, 2], [3, 4]], "weight": [[1]]}
    assert {"panels", "card"}.isdisjoint(client.post("/api/trace/conv2d", json=body).json)
    answer = client.post("/api/trace/conv2d", json={**body, "parts": ["card"]}).json
    assert [panel["title"] for panel in answer["panels"]] == ["Input", "Kernel", "Partial maps", "Output", "Times read"]
    assert answer["card"]["cards"][0]["note"] == "sum, no bias"
    assert client.post("/api/trace/conv2d", json={**body, "parts": ["picture"]}).status_code == 422


def test_a_number_in_a_description_knows_its_cell_where_that_is_asked_for(client):
    body = {
        "input": [[0, 1, 2], [3, 4, 5], [6, 7, 8]],
        "weight": [[0, 1], [2, 3]],
        "bias": [0.5],
        "parts": ["messages"],
    }
    answer = client.post("/api/trace/conv2d", json=body).get_json()
    message, sentence = answer["steps"]["messages"][0], answer["steps"]["description"][0]
    assert message["id"] == "steps.conv2d"
    numbers = {number["tensor"]: number for number in message["numbers"]}
    texts = {name: sentence[at["start"] : at["start"] + at["length"]] for name, at in numbers.items()}
    assert texts == {"bias": "0.5", "output": "19.5"}
    assert numbers["output"]["index"] == [0, 0, 0]
    assert "messages" not in client.post("/api/trace/conv2d", json=body | {"parts": []}).get_json()["steps"]


def test_which_class_a_dense_layer_over_maps_answers_is_told_with_its_scores(client):
    maps = [[[1, 0], [0, 0]], [[0, 0], [0, 2]]]
    nothing = [[[0, 0], [0, 0]]] * 2
    body = {"input": maps, "weight": [nothing, maps]}
    answer = client.post("/api/trace/average_or_dense", json=body).get_json()
    assert answer["tensors"]["output"]["values"] == [0, 5]
    assert answer["largest"] == [1]
