// The lightbox of a story: a photo large, its caption and credit beside it. The page is whole without this: each picture
// is a link to its largest rendition. All words are the page's own, in its language.

/** @typedef {{ id: string, link: HTMLAnchorElement, plate?: HTMLElement }} Slide */

/** Steps of the zoom, and how far a photo is enlarged beyond the pixels that it has. */
const [STEP, BEYOND] = [1.5, 2];
/** Pixels: within these a finger rests; from these on a swipe turns or closes. */
const [REST, SWIPE] = [10, 64];
/** Where the reader's choice about single keys is kept. */
const KEYS = 'lightbox-keys';

const template = document.getElementById('lightbox');
const links = document.querySelectorAll('#photos a.shot');
/** @type {Slide[]} */
const slides = Array.from(/** @type {NodeListOf<HTMLAnchorElement>} */ (links), (link) => ({ id: link.closest('li')?.id ?? '', link }));
/** @type {ReturnType<typeof build> | undefined} */
let box;

if (template instanceof HTMLTemplateElement && typeof HTMLDialogElement === 'function' && slides.length) {
  for (const link of document.querySelectorAll('a.shot')) link.setAttribute('aria-haspopup', 'dialog');
  document.addEventListener('click', (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !(event.target instanceof Element)) return;
    const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest('a.shot'));
    const place = link ? slides.findIndex((slide) => slide.link === link || slide.id === link.dataset.slide) : -1;
    if (!link || place < 0) return;
    event.preventDefault();
    // What Back will return to is the page as it stands, not where it was when it was left last.
    history.scrollRestoration = 'manual';
    enter(slides[place], history.state?.lightbox ? 'replaceState' : 'pushState');
    open(place, link);
  });
  // The dialog stands open exactly while the entry of the history says so.
  addEventListener('popstate', follow);
  follow();
}

function follow() {
  const place = slides.findIndex(({ id }) => id === history.state?.lightbox);
  if (place >= 0) open(place, slides[place].link);
  else {
    history.scrollRestoration = 'auto';
    box?.left();
  }
}

/** @param {number} place @param {HTMLAnchorElement} link */
function open(place, link) {
  box ??= build(/** @type {HTMLTemplateElement} */ (template));
  box.open(place, link);
}

/**
 * Writes into the history which photo is shown.
 * @param {Slide} slide
 * @param {'pushState' | 'replaceState'} how
 */
function enter({ id }, how) {
  try {
    history[how]({ lightbox: id }, '', `#${id}`);
  } catch {
    // Safari takes a hundred in ten seconds; the address follows with the next turn.
  }
}

/** How many photos are fetched ahead: two on a good line, none on a bad one or where data is saved, else one. */
function ahead() {
  const line = /** @type {{ connection?: { saveData?: boolean, effectiveType?: string } }} */ (navigator).connection;
  if (!line) return 1;
  return line.saveData || line.effectiveType !== '4g' ? 0 : 2;
}

/**
 * The photo of a slide as it lies on the stage: a copy of what the page shows, mean colour and formats included, in the
 * same sizes, so that what was fetched already is used.
 * @param {Slide} slide
 */
function plate(slide) {
  if (slide.plate) return slide.plate;
  const made = document.createElement('div');
  made.className = slide.link.className.replace('shot', 'plate');
  made.append(...slide.link.cloneNode(true).childNodes);
  const image = /** @type {HTMLImageElement} */ (made.querySelector('img'));
  image.loading = 'eager';
  image.draggable = false;
  for (const side of /** @type {const} */ (['width', 'height'])) made.style.setProperty(`--${side}`, String(image[side]));
  slide.plate = made;
  return made;
}

/** @param {HTMLTemplateElement} source */
function build(source) {
  document.body.append(source.content.cloneNode(true));
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector('dialog.lightbox'));
  const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (dialog.querySelector(selector));
  const button = (/** @type {string} */ name) => /** @type {HTMLButtonElement} */ (part(`[name=${name}]`));
  const [desk, told, move] = ['.desk', '[role=status]', '.move'].map(part);
  const stage = part('.stage');
  const rtl = getComputedStyle(document.documentElement).direction === 'rtl';
  let place = 0;
  /** @type {HTMLElement} */
  let shown = document.createElement('div');
  let caption = part('figcaption');
  /** @type {HTMLAnchorElement} */
  let opener;
  let next = '';

  /** @param {number} to */
  function show(to) {
    place = to;
    const slide = slides[place];
    const source = /** @type {HTMLElement} */ (slide.link.closest('figure'));
    const copy = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (source.querySelector('figcaption')).cloneNode(true));
    caption.replaceWith(copy);
    caption = copy;
    for (const marked of caption.querySelectorAll('[id]')) marked.removeAttribute('id');
    for (const more of caption.querySelectorAll('details')) more.open = false;
    shown = plate(slide);
    stage.replaceChildren(shown);
    zoom(1, 0, 0);
    measure();
    const heading = /** @type {HTMLElement} */ (source.querySelector('h3'));
    [told.textContent, told.lang, told.dir] = [heading.textContent, heading.lang, heading.dir];
    able('previous', place > 0);
    able('next', place < slides.length - 1);
    const image = /** @type {HTMLImageElement} */ (shown.querySelector('img'));
    const prepare = () => slides.slice(place + 1, place + 1 + ahead()).forEach(plate);
    image.decode().then(prepare, () => {});
  }

  /** @param {number} to */
  function turn(to) {
    const held = Math.max(0, Math.min(to, slides.length - 1));
    if (held === place) return settle();
    show(held);
    enter(slides[held], 'replaceState');
  }

  /** A button that can do nothing now keeps the focus, and says so. @param {string} name @param {boolean} can */
  function able(name, can) {
    button(name).setAttribute('aria-disabled', String(!can));
  }

  /** @param {string} name @param {boolean} on */
  function press(name, on) {
    button(name).setAttribute('aria-pressed', String(on));
  }

  /** A caption that is longer than its place is scrolled, with the keyboard too. */
  function measure() {
    if (caption.scrollHeight > caption.clientHeight) caption.tabIndex = 0;
    else caption.removeAttribute('tabindex');
  }

  // Zoom: the photo's scale, and where its centre lies, in pixels from the centre of the stage.
  let [scale, x, y] = [1, 0, 0];

  function most() {
    return Math.max(BEYOND, (BEYOND * Number(shown.style.getPropertyValue('--width'))) / (shown.offsetWidth || 1));
  }

  /**
   * Scales and moves; what would leave an empty margin is held back.
   * @param {number} to @param {number} left @param {number} top
   */
  function zoom(to, left, top) {
    const limit = most();
    const margin = (/** @type {number} */ photo, /** @type {number} */ space) => Math.max(0, (photo * scale - space) / 2);
    scale = Math.max(1, Math.min(to, limit));
    const [wide, high] = [margin(shown.offsetWidth, stage.clientWidth), margin(shown.offsetHeight, stage.clientHeight)];
    x = Math.max(-wide, Math.min(left, wide));
    y = Math.max(-high, Math.min(top, high));
    settle();
    able('smaller', scale > 1);
    able('larger', scale < limit);
    dialog.classList.toggle('zoomed', scale > 1);
    if (scale === 1 && move.contains(document.activeElement)) button('larger').focus();
    if (move.hidden === scale > 1) {
      move.hidden = scale === 1;
      measure();
    }
    if (scale > 1) sharpen();
  }

  /**
   * Scales about a point of the window, which stays where it is.
   * @param {number} to @param {{ clientX: number, clientY: number }} [point]
   */
  function zoomAbout(to, point) {
    const [left, top] = point ? fromCentre(point) : [0, 0];
    const ratio = Math.max(1, Math.min(to, most())) / scale;
    zoom(scale * ratio, left - (left - x) * ratio, top - (top - y) * ratio);
  }

  /** @param {{ clientX: number, clientY: number }} point */
  function fromCentre({ clientX, clientY }) {
    const frame = stage.getBoundingClientRect();
    return [clientX - frame.left - frame.width / 2, clientY - frame.top - frame.height / 2];
  }

  /** @param {number} right @param {number} down in quarters of the stage */
  function look(right, down) {
    zoom(scale, x - (right * stage.clientWidth) / 4, y - (down * stage.clientHeight) / 4);
  }

  /** An enlarged photo takes a larger rendition, where there is one. */
  function sharpen() {
    const wanted = `${Math.ceil(shown.offsetWidth * scale)}px`;
    for (const one of shown.querySelectorAll('[sizes]')) {
      if (!(parseInt(one.getAttribute('sizes') ?? '') >= parseInt(wanted))) one.setAttribute('sizes', wanted);
    }
  }

  /** Puts the photo where it belongs, or as far beside it as a swipe has moved it. */
  function settle(right = 0, down = 0) {
    shown.style.transform = `translate(${x + right}px, ${y + down}px) scale(${scale})`;
  }

  // Fingers and mouse on the stage.
  /** @type {Map<number, PointerEvent>} */
  const down = new Map();
  /** @type {PointerEvent} */
  let first;
  /** @type {PointerEvent | undefined} */
  let tapped;
  let [pinched, axis] = [false, ''];

  /** Whether the browser itself has enlarged the page: then fingers move that. */
  const enlarged = () => (globalThis.visualViewport?.scale ?? 1) > 1.01;

  stage.addEventListener('pointerdown', (event) => {
    if (event.button || enlarged()) return;
    stage.setPointerCapture(event.pointerId);
    down.set(event.pointerId, event);
    if (down.size === 1) [first, pinched, axis] = [event, false, ''];
    else pinched = true;
  });

  stage.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const other = [...down.values()].find(({ pointerId }) => pointerId !== event.pointerId);
    down.set(event.pointerId, event);
    dialog.classList.add('held');
    if (other) pinch(before, event, other);
    else if (scale > 1) zoom(scale, x + event.clientX - before.clientX, y + event.clientY - before.clientY);
    else if (event.pointerType !== 'mouse' && !pinched) swipe(event);
  });

  /** @param {PointerEvent} before @param {PointerEvent} now @param {PointerEvent} other */
  function pinch(before, now, other) {
    const apart = (/** @type {PointerEvent} */ one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
    const middle = { clientX: (now.clientX + other.clientX) / 2, clientY: (now.clientY + other.clientY) / 2 };
    zoomAbout((scale * apart(now)) / apart(before), middle);
    zoom(scale, x + (now.clientX - before.clientX) / 2, y + (now.clientY - before.clientY) / 2);
  }

  /** @param {PointerEvent} event */
  function swipe(event) {
    const [right, below] = [event.clientX - first.clientX, event.clientY - first.clientY];
    if (Math.hypot(right, below) > REST) axis ||= Math.abs(right) > Math.abs(below) ? 'across' : 'down';
    const end = slides[place + (right < 0 === rtl ? -1 : 1)] ? 1 : 4;
    settle(axis === 'across' ? right / end : 0, axis === 'down' ? Math.max(0, below) : 0);
  }

  stage.addEventListener('pointerup', (event) => {
    if (!down.delete(event.pointerId) || down.size) return;
    const [right, below] = [event.clientX - first.clientX, event.clientY - first.clientY];
    dialog.classList.remove('held');
    if (pinched) return zoom(scale < 1.1 ? 1 : scale, x, y);
    if (Math.hypot(right, below) <= REST) return tap(event);
    if (axis === 'down' && below > SWIPE) return dialog.close();
    if (axis === 'across' && Math.abs(right) > SWIPE) turn(place + (right < 0 === rtl ? -1 : 1));
    else settle();
  });

  stage.addEventListener('pointercancel', (event) => {
    if (!down.delete(event.pointerId) || down.size) return;
    dialog.classList.remove('held');
    settle();
  });

  /** The second of two taps or clicks enlarges what lies under it, or takes that back. @param {PointerEvent} event */
  function tap(event) {
    settle();
    const near = tapped && Math.hypot(event.clientX - tapped.clientX, event.clientY - tapped.clientY) < 3 * REST;
    const twice = near && tapped && event.timeStamp - tapped.timeStamp < 400;
    tapped = twice ? undefined : event;
    if (twice) zoomAbout(scale > 1 ? 1 : STEP ** 2, event);
  }

  stage.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && scale === 1) return;
      event.preventDefault();
      if (event.ctrlKey) zoomAbout(scale * Math.exp(-event.deltaY / 100), event);
      else zoom(scale, x - event.deltaX, y - event.deltaY);
    },
    { passive: false },
  );
  globalThis.visualViewport?.addEventListener('resize', () => (stage.style.touchAction = enlarged() ? 'auto' : ''));
  new ResizeObserver(() => {
    zoom(scale, x, y);
    measure();
  }).observe(stage);

  // Keys and buttons.
  let single = true;
  try {
    single = localStorage.getItem(KEYS) !== 'off';
  } catch {
    // Storage may be forbidden: then the choice holds for this page.
  }
  press('keys', single);

  /** @type {Record<string, () => void>} */
  const deeds = {
    previous: () => turn(place - 1),
    next: () => turn(place + 1),
    larger: () => zoomAbout(scale * STEP),
    smaller: () => zoomAbout(scale / STEP),
    left: () => look(-1, 0),
    right: () => look(1, 0),
    up: () => look(0, -1),
    down: () => look(0, 1),
    close: () => dialog.close(),
    full: () => void (document.fullscreenElement ? document.exitFullscreen() : desk.requestFullscreen()).catch(() => {}),
    keys: () => {
      single = !single;
      press('keys', single);
      try {
        localStorage.setItem(KEYS, single ? 'on' : 'off');
      } catch {
        // See above.
      }
    },
  };
  const byKey = {
    Home: () => turn(0),
    End: () => turn(slides.length - 1),
    ArrowLeft: () => (scale > 1 ? look(-1, 0) : turn(place + (rtl ? 1 : -1))),
    ArrowRight: () => (scale > 1 ? look(1, 0) : turn(place + (rtl ? -1 : 1))),
    ArrowUp: () => (scale > 1 ? look(0, -1) : caption.scrollBy(0, -40)),
    ArrowDown: () => (scale > 1 ? look(0, 1) : caption.scrollBy(0, 40)),
  };
  const bySingleKey = { j: deeds.next, k: deeds.previous, '+': deeds.larger, '=': deeds.larger, '-': deeds.smaller, 0: () => zoom(1, 0, 0) };

  dialog.addEventListener('keydown', (event) => {
    dialog.classList.add('keyed');
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const known = single ? { ...byKey, ...bySingleKey } : byKey;
    if (!Object.hasOwn(known, event.key)) return;
    event.preventDefault();
    known[event.key]();
  });

  dialog.addEventListener('click', (event) => {
    const target = /** @type {Element} */ (event.target);
    const pressed = target.closest('button');
    if (pressed && pressed.getAttribute('aria-disabled') !== 'true') deeds[pressed.name]();
    const link = target.closest('a');
    if (!link || link.hash === '' || link.pathname !== location.pathname || link.host !== location.host) return;
    // A place on this page, such as a note: the photo closes first.
    event.preventDefault();
    next = link.hash;
    dialog.close();
  });

  for (const one of dialog.querySelectorAll('button')) one.title = one.getAttribute('aria-label') ?? '';
  button('full').hidden = !document.fullscreenEnabled;
  document.addEventListener('fullscreenchange', () => press('full', Boolean(document.fullscreenElement)));

  dialog.addEventListener('close', () => {
    if (document.fullscreenElement) document.exitFullscreen();
    const slide = slides[place];
    const here = opener === slide.link || opener.dataset.slide === slide.id;
    if (!here) slide.link.scrollIntoView({ block: 'center', behavior: 'instant' });
    (here ? opener : slide.link).focus({ preventScroll: true });
    if (history.state?.lightbox) history.back();
  });

  return {
    /** @param {number} to @param {HTMLAnchorElement} link */
    open(to, link) {
      if (!dialog.open) {
        opener = link;
        down.clear();
        dialog.showModal();
      }
      show(to);
    },
    /** The history has left the photo. */
    left() {
      if (dialog.open) dialog.close();
      if (next) location.assign(next);
      next = '';
    },
  };
}
