// A file that came with a pass goes to the person's downloads. What must not be here: requests.

/** @param {Blob} file @param {string} name */
export function keep(file, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
