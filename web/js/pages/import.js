// A list of people from a file: it is read into the field, which is whole without this.
// What must not be here: what becomes of the list.

const input = /** @type {HTMLInputElement | null} */ (document.querySelector('#file'));
const text = /** @type {HTMLTextAreaElement | null} */ (document.querySelector('#csv'));

if (input && text) {
  input.parentElement?.removeAttribute('hidden');
  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    if (file) text.value = decoded(await file.arrayBuffer());
  });
}

/** Spreadsheets write UTF-8, or the Windows letters of western Europe. @param {ArrayBuffer} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
