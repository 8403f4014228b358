"""POST /api/feature-maps and /api/feature-maps/pixel, on pictures whose maps can be worked out by hand."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

# Dark on the left, bright on the right: columns 0 to 2 are 0, columns 3 to 5 are 100.
STEP = np.repeat(np.array([[0, 0, 0, 100, 100, 100]], np.uint8), 5, axis=0)
OCTETS = {"Accept": "application/octet-stream"}
DIFFERENCE = {"name": "difference", "values": [[-1, 1]]}


def upload(client, grey: np.ndarray) -> str:
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "PNG")
    stream.seek(0)
    return client.post("/api/images", data={"file": (stream, "a.png")}).json["id"]


@pytest.fixture
def image(client) -> str:
    return upload(client, STEP)


def maps(client, image: str, **body):
    response = client.post("/api/feature-maps", json={"image": image, **body})
    assert response.status_code == 200, response.json
    return response.json


def test_the_maps_of_a_step(client, image):
    answer = maps(client, image, kernels=["vertical-edge", DIFFERENCE])
    # the Sobel kernel [[1, 0, -1], [2, 0, -2], [1, 0, -1]]: 4 * (left - right); the difference is framed to 3 x 3
    row = [0.0, -400.0, -400.0, 0.0]
    assert answer["shape"] == [2, 3, 4]
    assert answer["kernel_size"] == [3, 3]
    assert answer["values"][0] == [row] * 3
    assert answer["values"][1] == [[0.0, 0.0, 100.0, 0.0]] * 3
    assert answer["scale"] == 400.0
    assert [(entry["name"], entry["min"], entry["max"]) for entry in answer["maps"]] == [
        ("vertical-edge", -400.0, 0.0),
        ("difference", 0.0, 100.0),
    ]


def test_relu_and_stride_and_pooling(client, image):
    kernels = [DIFFERENCE, {"values": [[1, -1]], "name": "reverse"}]
    assert maps(client, image, kernels=kernels, relu=True)["values"][1] == [[0.0] * 5] * 5
    strided = maps(client, image, kernels=kernels, stride=[4, 2])
    assert strided["values"][0] == [[0.0, 100.0, 0.0]] * 2
    pooled = maps(client, image, kernels=kernels, pooling={"op": "max", "kernel_size": 2})
    assert pooled["values"] == [[[0.0, 100.0]] * 2, [[0.0, 0.0]] * 2]
    averaged = maps(client, image, kernels=kernels, pooling={"op": "avg", "kernel_size": [1, 3], "stride": [4, 2]})
    assert averaged["values"][0] == [[pytest.approx(100 / 3), pytest.approx(100 / 3)]] * 2


def test_maps_travel_as_bytes_on_one_symmetric_scale(client, image):
    body = {"image": image, "kernels": ["vertical-edge", DIFFERENCE]}
    response = client.post("/api/feature-maps", json=body, headers=OCTETS)
    assert response.mimetype == "application/octet-stream"
    assert response.headers["X-Tensor-Shape"] == "2,3,4"
    assert response.headers["X-Tensor-Dtype"] == "uint8"
    assert float(response.headers["X-Tensor-Scale"]) == 400.0
    assert response.headers["X-Map-Range"] == "-400.0:0.0,0.0:100.0"
    assert response.headers["X-Kernel-Size"] == "3,3"
    # 128 stands for 0, 1 for -400, and 128 + round(127 * 100 / 400) = 160 for 100
    assert list(response.data) == [128, 1, 1, 128] * 3 + [128, 128, 160, 128] * 3


def test_each_map_may_have_a_scale_of_its_own(client, image):
    body = {"image": image, "kernels": ["vertical-edge", DIFFERENCE], "each": True}
    response = client.post("/api/feature-maps", json=body, headers=OCTETS)
    assert response.headers["X-Tensor-Scale"] == "400.0,100.0"
    assert list(response.data) == [128, 1, 1, 128] * 3 + [128, 128, 255, 128] * 3
    answer = client.post("/api/feature-maps", json=body | {"dtype": "uint8"}).json
    assert (answer["scale"], answer["scales"]) == (400, [400, 100])
    assert answer["values"][1][0] == [128, 128, 255, 128]


def test_maps_travel_as_floats_when_asked(client, image):
    body = {"image": image, "kernels": ["vertical-edge"], "dtype": "float32"}
    response = client.post("/api/feature-maps", json=body, headers=OCTETS)
    assert response.headers["X-Tensor-Dtype"] == "float32"
    assert response.data == np.array([0, -400, -400, 0] * 3, "<f4").tobytes()


def test_json_may_hold_the_bytes_too(client, image):
    assert maps(client, image, kernels=[DIFFERENCE], dtype="uint8")["values"] == [[[128, 128, 255, 128, 128]] * 5]


def test_a_picture_too_narrow_for_a_kernel_is_told_its_size_as_it_is_used(client):
    long = upload(client, np.zeros((20, 4000), np.uint8))
    refused = client.post("/api/feature-maps", json={"image": long, "kernels": ["vertical-edge"]})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "kernels")
    assert "scaled to fit, is 128 × 1 pixels: too few for a kernel of 3 × 3 cells" in refused.json["detail"]


def test_a_flat_picture_has_scale_zero(client):
    answer = maps(client, upload(client, np.full((4, 4), 9, np.uint8)), kernels=[DIFFERENCE])
    assert answer["scale"] == 0.0
    assert answer["values"] == [[[0.0] * 3] * 4]


def test_a_picture_in_colour_is_seen_as_grey(client):
    red = np.zeros((1, 2, 3), np.uint8)
    red[..., 0] = 255
    assert maps(client, upload(client, red), kernels=[{"values": [[1]]}])["values"] == [[[76.0, 76.0]]]


# ---- one pixel


def pixel(client, image: str, **body):
    response = client.post("/api/feature-maps/pixel", json={"image": image, **body})
    assert response.status_code == 200, response.json
    return response.json


def conv_step(client, neighbourhood, kernel, stride, step):
    """The step of a convolution of the neighbourhood, as the convolution page would trace it."""
    body = {"input": neighbourhood["values"], "weight": kernel, "stride": stride}
    answer = client.post("/api/trace/conv2d", json={**body, "steps": {"start": step, "count": 1}})
    assert answer.status_code == 200, answer.json
    return answer.json["steps"]


def test_a_pixel_is_made_by_its_window(client, image):
    answer = pixel(client, image, kernel="vertical-edge", row=2, col=1)
    [stage] = answer["stages"]
    assert stage["op"] == "conv2d"
    assert stage["window"] == [[[[0.0, 0.0, 100.0]] * 3]]
    assert stage["products"] == [[[[0.0, 0.0, -100.0], [0.0, 0.0, -200.0], [0.0, 0.0, -100.0]]]]
    assert stage["output"] == [-400.0]
    assert len(stage["description"]) == 1
    assert answer["crop"] == {"row": 2, "col": 1, "values": [[0.0, 0.0, 100.0]] * 3}


@pytest.mark.parametrize("dtype", ["float32"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stride": 2},
        {"stride": [3, 2], "relu": True},
        {"relu": True, "pooling": {"op": "max", "kernel_size": 2}},
        {"stride": 2, "pooling": {"op": "avg", "kernel_size": 2}},
        {"pooling": {"op": "max", "kernel_size": 3, "stride": 2}, "relu": True, "stride": 1},
    ],
)
def test_the_last_stage_is_the_maps_value(client, options, dtype):
    noise = np.random.default_rng(3).integers(0, 256, (40, 50), np.uint8)
    image = upload(client, noise)
    wall = maps(client, image, kernels=["sharpen", "horizontal-edge"], dtype=dtype, **options)
    rows, cols = wall["shape"][1:]
    for row, col in ((0, 0), (rows - 1, cols - 1), (rows // 2, cols // 3)):
        for index, kernel in enumerate(("sharpen", "horizontal-edge")):
            stages = pixel(client, image, kernel=kernel, row=row, col=col, **options)["stages"]
            assert stages[-1]["output"] == [pytest.approx(wall["values"][index][row][col], rel=1e-6)]


@pytest.mark.parametrize("position", ["first", "middle", "last"])
@pytest.mark.parametrize("stride", [1, 2, [3, 1]])
@pytest.mark.parametrize("pooling", [None, {"op": "max", "kernel_size": 2}, {"op": "avg", "kernel_size": 2}])
def test_the_window_can_be_opened_on_the_convolution_page(client, position, stride, pooling):
    noise = np.random.default_rng(4).integers(0, 256, (30, 37), np.uint8)
    image = upload(client, noise)
    kernel = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    options = {"stride": stride, "pooling": pooling}
    rows, cols = maps(client, image, kernels=["vertical-edge"], **options)["shape"][1:]
    row, col = {"first": (0, 0), "middle": (rows // 2, cols // 2), "last": (rows - 1, cols - 1)}[position]
    answer = pixel(client, image, kernel="vertical-edge", row=row, col=col, **options)
    piece = answer["neighbourhood"]
    values = np.array(piece["values"])
    assert values.shape[0] <= 9
    assert values.shape[1] <= 9
    bottom, right = piece["row"] + values.shape[0], piece["col"] + values.shape[1]
    assert (values == noise[piece["row"] : bottom, piece["col"] : right]).all()
    step = conv_step(client, piece, kernel, stride, answer["step"])
    outputs = answer["stages"][0]["output"]
    wanted = max(outputs) if pooling and pooling["op"] == "max" else outputs[0]
    assert step["output"] == [wanted] == [outputs[answer["shown"]]]


def test_a_pixel_of_a_wall_with_a_larger_kernel(client):
    noise = np.random.default_rng(5).integers(0, 256, (20, 24), np.uint8)
    image = upload(client, noise)
    large = {"values": [[1] * 6] * 5, "name": "large"}
    wall = maps(client, image, kernels=["vertical-edge", large], stride=2)
    assert wall["kernel_size"] == [5, 6]
    rows, cols = wall["shape"][1:]
    for row, col in ((0, 0), (2, 3), (rows - 1, cols - 1)):
        options = {"kernel": "vertical-edge", "stride": 2, "kernel_size": wall["kernel_size"]}
        answer = pixel(client, image, row=row, col=col, **options)
        assert answer["stages"][-1]["output"] == [wall["values"][0][row][col]]
        crop = answer["crop"]
        assert (crop["row"], crop["col"]) == (2 * row + 1, 2 * col + 1)  # the frame of zeros is 1 wide there
        assert answer["stages"][0]["position"] == [[crop["row"], crop["col"]]]
        assert crop["values"] == noise[crop["row"] : crop["row"] + 3, crop["col"] : crop["col"] + 3].tolist()
    beyond = {"image": image, "kernel": "vertical-edge", "stride": 2, "kernel_size": wall["kernel_size"]}
    response = client.post("/api/feature-maps/pixel", json={**beyond, "row": rows, "col": 0})
    assert response.status_code == 422


# ---- refused


def refused(response, status: int, field: str) -> str:
    assert response.status_code == status, response.json
    assert response.mimetype == "application/problem+json"
    errors = {error["field"]: error["message"] for error in response.json["errors"]}
    assert field in errors, errors
    return errors[field]


BODY = {"kernels": ["vertical-edge"]}


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({}, "kernels", "required"),
        ({"kernels": []}, "kernels", "at least 1"),
        ({"kernels": ["vertical-edge"] * 33}, "kernels", "at most 32"),
        ({"kernels": ["nothing"]}, "kernels[0]", "kernels[0] must be one of"),
        ({"kernels": [3]}, "kernels[0]", "object"),
        ({"kernels": [{"values": [[1, 2], [3]]}]}, "kernels[0].values", "ragged"),
        ({"kernels": [{"values": [[1, True]]}]}, "kernels[0].values", "kernels[0].values[0][1] is true"),
        ({"kernels": [{"values": [[1]], "title": "x"}]}, "kernels[0].title", "not a parameter"),
        ({"kernels": [{"values": [[1]], "name": ""}]}, "kernels[0].name", "at least 1"),
        ({"kernels": [{"values": [[1]], "name": "x" * 61}]}, "kernels[0].name", "at most 60"),
        ({"kernels": [{"values": [[1] * 7]}]}, "kernels", "7"),
        ({**BODY, "stride": 0}, "stride", "0"),
        ({**BODY, "stride": "1"}, "stride", "text"),
        ({**BODY, "relu": 1}, "relu", "true or false"),
        ({**BODY, "dtype": "int8"}, "dtype", "float32"),
        ({**BODY, "padding": 1}, "padding", "not a parameter"),
        ({**BODY, "pooling": "max"}, "pooling", "object"),
        ({**BODY, "pooling": {"op": "min", "kernel_size": 2}}, "pooling.op", "avg"),
        ({**BODY, "pooling": {"op": "max"}}, "pooling.kernel_size", "required"),
        ({**BODY, "pooling": {"op": "max", "kernel_size": 9}}, "pooling.kernel_size", "9"),
        ({**BODY, "pooling": {"op": "max", "kernel_size": 2, "stride": 0}}, "pooling.stride", "0"),
        ({**BODY, "image": 3}, "image", "text"),
    ],
)
def test_a_wall_that_cannot_be(client, image, body, field, words):
    assert words in refused(client.post("/api/feature-maps", json={"image": image, **body}), 422, field)


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"col": 0}, "row", "required"),
        ({"row": -1, "col": 0}, "row", "-1"),
        ({"row": 3, "col": 0}, "row", "3"),
        ({"row": 0, "col": 4}, "col", "4"),
        ({"row": 0, "col": 0, "kernels": ["vertical-edge"]}, "kernels", "not a parameter"),
        ({"row": 0, "col": 0, "kernel_size": [2, 3]}, "kernel_size", "smaller than the kernel"),
        ({"row": 0, "col": 0, "kernel_size": [9, 3]}, "kernel_size", "9"),
        ({"row": 0, "col": 0, "dtype": "uint8"}, "dtype", "not a parameter"),
    ],
)
def test_a_pixel_that_cannot_be(client, image, body, field, words):
    body = {"image": image, "kernel": "vertical-edge", **body}
    assert words in refused(client.post("/api/feature-maps/pixel", json=body), 422, field)


@pytest.mark.parametrize("path", ["/api/feature-maps", "/api/feature-maps/pixel"])
def test_an_image_that_is_gone(client, path):
    more = {"kernel": "lesson", "row": 0, "col": 0} if path.endswith("pixel") else {"kernels": ["lesson"]}
    message = refused(client.post(path, json={"image": "gone", **more}), 404, "image")
    assert "upload it again" in message


def test_kernels_that_take_too_long(client):
    image = upload(client, np.zeros((128, 128), np.uint8))
    body = {"image": image, "kernels": [{"values": [[1] * 64] * 64}] * 32}
    assert "multiplications" in refused(client.post("/api/feature-maps", json=body), 413, "kernels")


def test_a_pixel_of_more_windows_than_an_answer_holds(client):
    image = upload(client, np.zeros((128, 128), np.uint8))
    body = {"image": image, "row": 0, "col": 0, "pooling": {"op": "max", "kernel_size": 80}}
    kernel = {"values": [[1] * 40] * 40}
    response = client.post("/api/feature-maps/pixel", json={**body, "kernel": kernel})
    assert "20,480,000 values" in refused(response, 413, "pooling.kernel_size")
    assert client.post("/api/feature-maps/pixel", json={**body, "kernel": "lesson"}).status_code == 200


def test_the_values_of_all_kernels_count_together(make_client):
    client = make_client(MAX_ARRAY_VALUES=10)
    image = upload(client, STEP)
    body = {"image": image, "kernels": [{"values": [[1, 2, 3], [4, 5, 6]]}] * 2}
    refused(client.post("/api/feature-maps", json=body), 413, "kernels")
