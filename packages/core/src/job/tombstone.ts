/** How long a job store knows of a finished job that was added with `replaceExisting`, ms. */
export const TOMBSTONE_LIFE_MS = 7 * 86_400_000;
