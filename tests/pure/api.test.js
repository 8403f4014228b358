import assert from "node:assert/strict";
import test from "node:test";
import { deflateSync } from "node:zlib";

import { ApiError, post, refusedBy, send, sentence } from "../../static/js/api.js";

const SENTENCES = [
  ["pooling.kernel_size", "pooling.kernel_size: the windows under it hold 9 values", "The windows under it hold 9 values"],
  ["steps", "steps: the 500 steps up to there take about 2 s", "The 500 steps up to there take about 2 s"],
  ["pooling.kernel_size", "pooling.kernel_size 9 exceeds the maps", "Pooling size 9 exceeds the maps"],
  ["pooling.kernel_size", "pooling: kernel_size 4 exceeds the padded input height 3", "Pooling size 4 exceeds the padded input height 3"],
  ["pooling.kernel_size", "pooling: kernel_size 4 exceeds the padded input height 3", "Pooling size 4 is larger than the padded input's height, 3", "pooling: kernel_size 4 is larger than the padded input's height, 3"],
  ["kernel_size", "kernel_size 5 exceeds the padded input height 3", "Kernel size 5 exceeds the padded input height 3"],
  ["output_padding", "output_padding 2 must be smaller than the stride 2", "Output padding 2 must be smaller than the stride 2"],
  ["architecture.1.batch_size", "layer 2 needs 2 samples", "Layer 2 needs 2 samples"],
  ["padding", "padding -1 is less than 0", "Padding −1 is less than 0"],
  ["dataset", "dataset 2026-11-30 is unknown", "Dataset 2026-11-30 is unknown"],
  ["", "The body is empty", "The body is empty"],
];

for (const [field, message, expected, seen] of SENTENCES) {
  test(`a person reads "${expected}"`, () => assert.equal(sentence({ field, message, ...(seen && { seen }) }), expected));
}

test("a refusal says every fault without the names of a request, and keeps these for the page", async () => {
  const errors = SENTENCES.slice(0, 2).map(([field, message]) => ({ field, message }));
  globalThis.document = { querySelectorAll: () => [], documentElement: { lang: "en" } };
  globalThis.fetch = async () => new Response(JSON.stringify({ errors }), { status: 422 });
  await assert.rejects(send("/api/x"), (error) => {
    assert.equal(error.message, `${SENTENCES[0][2]}; ${SENTENCES[1][2]}`);
    assert.deepEqual(error.errors, errors);
    return true;
  });
});

test("where pages say it otherwise, a refusal says that", async () => {
  const errors = [{ field: "padding", message: "padding is 9" }, { field: "stride", message: "stride is 0" }];
  globalThis.fetch = async () => new Response(JSON.stringify({ errors, seen: ["the padding is 9", "stride is 0"] }), { status: 422 });
  await assert.rejects(send("/api/x"), { message: "The padding is 9; Stride is 0" });
});

test("settings are refused where the server finds them at fault, and not where it has no answer", () => {
  const why = (status) => refusedBy(new ApiError("no", status));
  assert.deepEqual([400, 413, 422].map(why), ["no", "no", "no"]);
  assert.deepEqual([0, 404, 429, 500, 503, 507].map(why), ["", "", "", "", "", ""]);
  assert.equal(refusedBy(undefined), "");
});

test("bytes that came with the page answer a request for bytes, and no other", async () => {
  const request = 'POST /api/x application/octet-stream {"of":1}';
  const script = {
    getAttribute: (name) => ({ "data-request": request, "data-headers": '{"X-Tensor-Shape":"3"}' })[name],
    textContent: deflateSync(Uint8Array.of(0, 128, 255)).toString("base64"),
  };
  globalThis.document = { querySelectorAll: () => [script], documentElement: { lang: "en" } };
  globalThis.fetch = async () => new Response("asked");
  const answer = await post("/api/x", { of: 1 }, { accept: "application/octet-stream" });
  assert.deepEqual([...new Uint8Array(await answer.arrayBuffer())], [0, 128, 255]);
  assert.equal(answer.headers.get("X-Tensor-Shape"), "3");
  assert.equal(await (await post("/api/x", { of: 1 })).text(), "asked");
});
