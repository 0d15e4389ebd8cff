import { Coordinator } from '@carillon/coordinator';
import { given, serve } from './serve.js';

await serve(new Coordinator(given));
