import { stripVTControlCharacters, styleText } from 'node:util';

const WIDTH = 79;

/** Writes for a reader: in colour on a terminal that has colours and where NO_COLOR does not forbid it. */
export class Narrator {
  #stream;
  #isColoured;
  #isSilent = false;

  /** @param {import('node:tty').WriteStream} stream */
  constructor(stream) {
    this.#stream = stream;
    this.#isColoured = stream.isTTY === true && stream.hasColors();
  }

  /** @param {Parameters<typeof styleText>[0]} format */
  paint(format, text) {
    return this.#isColoured ? styleText(format, text) : text;
  }

  line(text = '') {
    if (!this.#isSilent) this.#stream.write(`${text.trimEnd()}\n`);
  }

  /** A heading, after an empty line. */
  act(text) {
    this.line();
    this.line(this.paint(['bold', 'cyan'], text));
  }

  /** Sentences, wrapped. */
  say(text) {
    for (const line of wrapped(text, WIDTH)) this.line(line);
  }

  /** Something went wrong. */
  fail(text) {
    this.line(this.paint(['bold', 'red'], text));
  }

  silence() {
    this.#isSilent = true;
  }
}

function wrapped(text, width) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === '') lines[lines.length - 1] = word;
    else if (widthOf(line) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function widthOf(text) {
  return stripVTControlCharacters(text).length;
}
