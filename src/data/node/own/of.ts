// Which form of its own holds a data set in a folder (Node only), where its official files do not lie there.

import { check } from '../../../errors';
import type { FileDatasetName } from '../../layouts';
import { findDatasets } from '../found';
import { type OwnForm, ownForms } from './forms';

/** @throws where several do */
export function ownFormOf(where: string, name: FileDatasetName, directory: string): OwnForm | undefined {
  const found = findDatasets(directory);
  if (found.some((one) => one.name === name && one.form === undefined)) return undefined;
  const forms = ownForms(directory, false).filter((form) => name === 'images' || form.name === name);
  check(
    forms.length < 2,
    where,
    () =>
      `${directory} holds ${name} several times: ${forms.map(({ folder, form }) => `${folder} (${form})`).join(', ')}; give one of these`,
  );
  return forms[0];
}
