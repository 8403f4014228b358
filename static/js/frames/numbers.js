// Numbers of a sentence that know their cells, where the sentence is part of a text.

/** @import { SentenceNumber } from "../types" */

/** The numbers of a text that holds a sentence with these. @param {string} text @param {string} sentence @param {SentenceNumber[]} [numbers] @returns {SentenceNumber[]} */
export function numbersWithin(text, sentence, numbers = []) {
  const begin = text.lastIndexOf(sentence);
  return begin < 0 ? [] : numbers.map((one) => ({ ...one, start: one.start + begin }));
}

/** Several texts, a line each, as one with their numbers. @param {{ sentence: string, numbers: SentenceNumber[] }[]} lines @returns {{ sentence: string, numbers: SentenceNumber[] }} */
export function joined(lines) {
  let begin = 0;
  const numbers = lines.flatMap(({ sentence, numbers }) => {
    const moved = numbers.map((one) => ({ ...one, start: one.start + begin }));
    begin += sentence.length + 1;
    return moved;
  });
  return { sentence: lines.map(({ sentence }) => sentence).join("\n"), numbers };
}
