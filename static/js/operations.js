// The table of operations. Adding one adds a file beside the others and a row here.

/** @import { Operation } from "./types" */

import { convolution } from "./operations/convolution.js";
import { flatten } from "./operations/flatten.js";
import { pooling } from "./operations/pooling.js";

/** @type {Record<string, Operation>} */
export const OPERATIONS = { convolution, pooling, flatten };
