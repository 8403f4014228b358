// Lets scripts speak English without a page: node --import ./tests/pure/english.mjs

import { readFileSync } from "node:fs";
import { speak } from "../../static/js/words.js";

speak("en", JSON.parse(readFileSync(new URL("../../cnn_server/words/en/pages.json", import.meta.url), "utf8")));
