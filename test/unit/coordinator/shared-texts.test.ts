import { expect, it, onTestFinished, vi } from 'vitest';
import { SharedTexts } from '../../../packages/coordinator/src/shared-texts.js';

it('gives a text back as it is, however many there were', () => {
  const texts = new SharedTexts();
  const all = Array.from({ length: 2_500 }, (_, index) => `text ${index % 1_200}`);
  expect(all.map((text) => texts.of(text))).toEqual(all);
});

it('keeps no long text: what it keeps stays small', () => {
  const set = vi.spyOn(Map.prototype, 'set');
  onTestFinished(() => set.mockRestore());
  const texts = new SharedTexts();
  texts.of('x'.repeat(1_024));
  expect(set).not.toHaveBeenCalled();
  texts.of('x'.repeat(1_023));
  expect(set).toHaveBeenCalledTimes(1);
});
