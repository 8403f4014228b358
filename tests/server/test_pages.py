"""The pages, and what every response carries."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cnn_server.pages import PAGES, modules

# In the order of the lesson.
PATHS = [
    "/",
    "/operations/convolution",
    "/operations/channels",
    "/operations/stride",
    "/operations/padding",
    "/operations/pooling",
    "/operations/activation",
    "/operations/flatten",
    "/operations/dense",
    "/operations/output",
    "/feature-maps",
    "/backpropagation",
    "/depth",
    "/optimizers",
    "/training",
    "/explorer",
]
HTML = {"Accept": "text/html"}


def test_the_table_holds_every_page_in_order():
    assert [page.path for page in PAGES] == PATHS


@pytest.mark.parametrize("path", PATHS)
def test_a_page_opens(client, path):
    response = client.get(path, headers=HTML)
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    assert b"<h1" in response.data


def test_each_page_leads_to_the_one_before_and_the_next_and_says_where_one_is(client):
    assert f'href="{PATHS[1]}">Start here: Convolution</a>' in client.get("/").text
    sequence = PATHS[1:]
    for number, path in enumerate(sequence, start=1):
        html = client.get(path).text
        found = dict(re.findall(r'rel="(prev|next)" href="([^"]+)"', html))
        expected = {"prev": sequence[number - 2] if number > 1 else None, "next": dict(enumerate(sequence)).get(number)}
        assert found == {name: other for name, other in expected.items() if other}, path
        assert f"Page {number} of {len(sequence)}" in html
        leads_to_the_claims = 'class="button" href="/claims">The lesson, claim by claim →' in html
        assert leads_to_the_claims == (number == len(sequence)), path
    assert "Next: Channels →" in client.get("/operations/convolution").text


def test_the_operations_stand_in_the_order_of_the_lesson(client):
    titles = re.findall(r"^## (\w+)", (Path(__file__).parents[2] / "docs/claims.md").read_text("utf-8"), re.MULTILINE)
    lesson = [title.lower() for title in titles if f"/operations/{title.lower()}" in PATHS]
    assert [path.rpartition("/")[2] for path in PATHS if path.rpartition("/")[2] in lesson] == lesson


def test_what_is_no_part_of_the_path_says_nothing_of_it(client):
    assert not any('class="sequence"' in client.get(path).text for path in ("/", "/stored", "/nothing"))


@pytest.mark.parametrize("path", [*PATHS, "/nothing"])
def test_no_inline_script_or_style_and_nothing_from_elsewhere(client, path):
    html = client.get(path, headers=HTML).get_data(as_text=True)
    assert not re.search(r'<script(?![^>]*\bsrc=)(?! type="application/json")[^>]*>', html)  # data is no script
    assert "<style" not in html
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", html)


ANSWERS = {
    "/": 200,
    "/nothing": 404,
    "/api/presets": 200,
    "/api/nothing": 404,
    "/healthz": 200,
    "/openapi.json": 200,
    "/classroom": 200,
    "/classroom?to=x": 400,
    "/static/nothing.js": 404,
    "/static/": 404,
    "/static//favicon.svg": 308,
    "/samples/nothing.webp": 404,
    "/samples/small/nothing.webp": 404,
}


@pytest.mark.parametrize(("path", "status"), ANSWERS.items())
def test_every_response_carries_the_security_headers(client, path, status):
    answer = client.get(path, headers=HTML)
    headers = answer.headers
    assert answer.status_code == status
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    permissions = dict(part.split("=") for part in headers["Permissions-Policy"].split(", "))
    assert permissions.pop("camera") == "(self)"
    assert set(permissions.values()) == {"()"}
    assert {"microphone", "geolocation", "payment", "usb"} <= set(permissions)


@pytest.mark.parametrize(
    "path", ["/static/favicon.svg", "/static/js/api.js", "/samples/cat.webp", "/samples/small/cat.webp"]
)
@pytest.mark.parametrize("known", [False, True])
def test_a_file_that_is_found_carries_only_what_a_file_heeds(client, path, known):
    tag = client.get(path).headers.get("ETag") if known else None
    answer = client.get(path, headers={"If-None-Match": tag} if tag else {})
    assert answer.status_code == (304 if tag else 200)
    assert {
        name for name in dict(answer.headers) if name.startswith(("X-", "Cross-", "Content-Sec", "Perm", "Ref"))
    } == {
        "X-Content-Type-Options",
        "Cross-Origin-Resource-Policy",
    }


@pytest.mark.parametrize(
    ("base", "opener"),
    [
        ("http://localhost", True),
        ("http://127.0.0.1:5000", True),
        ("http://[::1]:5000", True),
        ("https://convoscope.example", True),
        ("http://convoscope.example", False),
        ("http://192.168.7.20:5000", False),
        ("http://localhost.evil.example", False),
    ],
)
@pytest.mark.parametrize("path", ["/", "/nothing", "/api/presets"])
def test_the_opener_is_kept_apart_where_browsers_heed_it(client, base, opener, path):
    """Over plain http from another machine Chromium logs an error for it."""
    assert client.get(path, base_url=base).headers.get("Cross-Origin-Opener-Policy") == (
        "same-origin" if opener else None
    )
    assert "Cross-Origin-Opener-Policy" not in client.get("/static/favicon.svg", base_url=base).headers


@pytest.mark.parametrize("path", ["/operations/convolution", "/api/presets", "/openapi.json", "/static/favicon.svg"])
@pytest.mark.parametrize("encoding", ["identity", "br", "gzip", "zstd"])
def test_what_the_client_has_is_not_sent_again(client, path, encoding):
    headers = {"Accept-Encoding": encoding}
    first = client.get(path, headers=headers)
    assert first.status_code == 200
    assert "no-cache" in first.headers["Cache-Control"]
    second = client.get(path, headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert second.status_code == 304
    assert second.data == b""


@pytest.mark.parametrize("path", ["/static/js/api.js", "/samples/cat.webp"])
def test_files_come_with_few_headers(client, path):
    """They count: a page loads dozens of files."""
    headers = client.get(path, headers={"Accept-Encoding": "br"}).headers
    assert headers["ETag"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert sum(len(name) + len(value) + 4 for name, value in headers.items()) < 340


@pytest.mark.parametrize("path", ["/operations/convolution", "/static/css/layout.css", "/api/presets"])
def test_answers_are_compressed(client, path):
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    packed = client.get(path, headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) < len(plain.data) / 2


def test_static_files_stay_inside_their_folder(client):
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"):
        assert client.get(path).status_code in (308, 404)


def test_modules_are_those_that_the_script_imports(tmp_path):
    (tmp_path / "draw").mkdir()
    (tmp_path / "main.js").write_text(
        'import { a } from "./a.js";\nimport "./b.js";\nexport { c } from "./draw/c.js";\n'
        '// import "./comment.js"\nconst text = "./text.js";\nimport("./lazy.js");\n'
        'export const table = {\n  one: () => import("./later.js"),\n};\n'
    )
    (tmp_path / "lazy.js").touch()
    (tmp_path / "later.js").touch()
    (tmp_path / "a.js").write_text('import {\n  one,\n  two,\n} from "./b.js";\n')
    (tmp_path / "b.js").write_text('import x from "./main.js";\n')
    (tmp_path / "draw" / "c.js").write_text('import * as a from "../a.js";\n')
    assert modules(tmp_path, "main.js") == ("main.js", "a.js", "b.js", "draw/c.js")
    assert modules(tmp_path, "missing.js") == ()


def test_a_page_whose_scripts_have_a_backward_mode_says_what_it_shows(client):
    scripts = Path(__file__).resolve().parents[2] / "static" / "js"
    pages = [page for page in PAGES if page.template == "operation.html"]
    own = {page.path: (scripts / "operations" / f"{page.name}.js").read_text("utf-8") for page in pages}
    able = {path for path, script in own.items() if "withBackward(" in script}
    shown = {page.path for page in pages if 'data-pass="backward"' in client.get(page.path).get_data(as_text=True)}
    assert able == shown
    assert able == {page.path for page in PAGES if page.path.startswith("/operations/")}


def test_a_page_carries_the_operations_that_it_offers_with_their_options(client):
    """A page lists what the catalogue has of its group, and nothing of it stands in a script."""
    catalogue = client.get("/api/catalogue").json["operations"]
    rows = {}
    for group in ("activation", "convolution"):
        page = client.get(f"/operations/{group}", headers=HTML).get_data(as_text=True)
        carried = re.search(r'<script type="application/json" data-role="choices">([^<]*)</script>', page)
        assert carried
        own = {row["name"]: row for row in json.loads(carried[1])["operations"]}
        assert set(own) == {row["name"] for row in catalogue if row["group"] == group}
        rows |= own
    assert (rows["leaky_relu"]["title"], rows["relu"]["parameters"]) == ("Leaky ReLU", [])
    assert [(one["name"], one["default"], one["opens"]) for one in rows["leaky_relu"]["parameters"]] == [
        ("negative_slope", 0.01, 0.1)
    ]
    assert (rows["interpolate2d"]["choice"], rows["conv2d"]["gradient"]) == ("upsampling", "conv2d_backward")
    factor, mode, corners = rows["interpolate2d"]["parameters"]
    assert (factor["opens"], factor["suggested"]) == (2, [1.5, 2, 3, 4])
    assert (mode["title"], mode["labels"]) == ("Values", {"nearest": "nearest", "bilinear": "bilinear"})
    assert corners["needs"] == ["mode", "bilinear"]
    assert (rows["interpolate2d"]["linked"], mode["linked"], rows["relu"]["linked"]) == ("upsample", "between", "relu")


def _carried(client, path):
    page = client.get(path, headers=HTML).get_data(as_text=True)
    return json.loads(re.search(r'data-role="choices">([^<]*)</script>', page)[1])


def test_a_page_carries_what_its_choices_are_called(client):
    """What is chosen by its name alone stands in no script."""
    called = _carried(client, "/optimizers")
    assert list(called) == ["landscapes", "runners", "optimizers", "schedules"]
    assert list(called["runners"].items())[:2] == [("sgd", "SGD"), ("momentum", "Momentum")]
    schedules = {row["name"]: row["called"] for row in called["schedules"]}
    assert (schedules["step"], schedules["warm_up"]) == ("in steps", "warm-up")
    paddings = {"valid": "valid", "same": "same", "same_lower": "same lower"}
    modes = {mode: mode for mode in ("zeros", "reflect", "replicate", "circular")}
    above = {"ones": "ones", "one": "a single one", "random": "random"}
    assert _carried(client, "/operations/padding") == {"paddings": paddings, "padding_modes": modes, "gradients": above}
    dense = _carried(client, "/operations/dense")["dense_activations"]
    assert dense == {"relu": "ReLU", "sigmoid": "sigmoid", "tanh": "tanh"}
    assert list(_carried(client, "/depth")["depth_activations"]) == ["sigmoid", "tanh", "relu"]
    pools = {row["name"]: row["choice"] for row in _carried(client, "/operations/pooling")["operations"]}
    assert (pools["max_pool2d"], pools["global_avg_pool2d"]) == ("the largest", "global average")
    linked = [row["linked"] for row in _carried(client, "/operations/pooling")["operations"]]
    assert linked == ["max", "avg", "global_max", "global_avg"]
    assert called["landscapes"] == {
        "valley": "long valley",
        "bowl": "plain bowl",
        "saddle": "saddle",
        "bumps": "bumpy bowl",
        "rosenbrock": "bent valley",
    }
