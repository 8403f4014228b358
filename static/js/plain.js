// A page with nothing but the header to work.

import { markReady, startShell } from "./shell.js";

startShell();
markReady();
