import { startPage } from './frame/page';

startPage(document.getElementById('page')!);
