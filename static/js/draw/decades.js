// Sliders over powers of ten: so many notches to a decade, and numbers of two digits.

const NOTCHES = 30;

/** @param {number} value @param {number} low the power at the low end */
export const toNotch = (value, low) => Math.round((Math.log10(value) - low) * NOTCHES);

/** @param {number} notch @param {number} low the power at the low end */
export const fromNotch = (notch, low) => Number((10 ** (notch / NOTCHES + low)).toPrecision(2));

/** How many notches there are. @param {number} low @param {number} high the powers at both ends */
export const notches = (low, high) => (high - low) * NOTCHES;
