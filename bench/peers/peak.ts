// The yardstick of matrix products as an entrant. It is no build of ours, and never compared as one.

import { serve } from './protocol';
import { peakWork } from './work/peak';

await serve(peakWork);
