// The table of operations. Adding one adds a file beside the others and a row here.

/** @import { Operation } from "./types" */

import { activation } from "./operations/activation.js";
import { channels } from "./operations/channels.js";
import { convolution } from "./operations/convolution.js";
import { dense } from "./operations/dense.js";
import { flatten } from "./operations/flatten.js";
import { output } from "./operations/output.js";
import { padding } from "./operations/padding.js";
import { pooling } from "./operations/pooling.js";
import { stride } from "./operations/stride.js";

/** @type {Record<string, Operation>} */
export const OPERATIONS = { convolution, stride, padding, channels, pooling, activation, flatten, dense, output };
