// Before each test file that shares its process with others: the library as a new process has it.

import './equal-numbers';
import { manualSeed, setActiveBackend } from '../../src/core/engine';

setActiveBackend(undefined);
manualSeed(0);
