// A link that signs in: whoever opened it is let in at once; without this module a button does it.

/** @type {HTMLFormElement | null} */ (document.querySelector('#enter'))?.submit();
