// A page with nothing but the header to work.

import { markFirstFrame, markReady, startShell } from "./shell.js";

startShell();
markFirstFrame();
markReady();
