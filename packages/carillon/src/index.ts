export * from '@carillon/coordinator';
export * from '@carillon/core';
export * from '@carillon/worker';
export { Carillon, type CarillonJobStoreOptions, type CarillonOptions } from './carillon.js';
