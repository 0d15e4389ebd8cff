import { expect, it } from 'vitest';
import { SharedTexts } from '../../../packages/coordinator/src/shared-texts.js';

it('gives a text back as it is, however many there were', () => {
  const texts = new SharedTexts();
  const all = Array.from({ length: 2_500 }, (_, index) => `text ${index % 1_200}`);
  expect(all.map((text) => texts.of(text))).toEqual(all);
});
