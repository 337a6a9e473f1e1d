// sharp's side of the picture rows of ./dev bench: six JPEGs or AVIFs in sRGB with the rights in XMP from one file.
//
//   node sharp.mjs run FORM ORDER THREADS PHOTO FOLDER PLAN
//   node sharp.mjs tune FORM PHOTO PLAN
//
// FORM `best` decodes once, to raw pixels at the largest size, and makes the others of these; `usual` is a pipeline from
// the file for each size. ORDER `one` makes them one after the other, `all` together. PLAN is a JSON file:
// { xmp, effort, sizes: [{ width, height, quality, bytes }] }, large to small; with an effort they are AVIFs. `run`
// answers each line `go` with milliseconds; `tune` gives for each size the quality whose bytes come nearest to `bytes`.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import sharp from 'sharp';

sharp.cache(false);

/** The picture at its largest size, upright and in sRGB, as raw pixels. */
async function largest(photo, sizes) {
  const { width, height } = sizes[0];
  const upright = sharp(photo).autoOrient().resize(width, height, { fit: 'fill' }).toColourspace('srgb').removeAlpha();
  const { data, info } = await upright.raw().toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
}

function picture(form, photo, raw, { width, height }) {
  const source = form === 'best' ? raw.clone() : sharp(photo).autoOrient();
  return source.resize(width, height, { fit: 'fill' });
}

function encoded(pipeline, quality, { xmp, effort }) {
  const avif = { quality, effort, chromaSubsampling: '4:2:0' };
  return (effort === undefined ? pipeline.jpeg({ quality }) : pipeline.avif(avif)).withXmp(xmp);
}

async function run(form, order, photo, folder, plan) {
  const { sizes, effort } = plan;
  const ending = effort === undefined ? 'jpg' : 'avif';
  const begun = performance.now();
  await sharp(photo).metadata();
  const raw = form === 'best' ? await largest(photo, sizes) : undefined;
  const make = (size) => {
    const file = join(folder, `${size.width}x${size.height}.${ending}`);
    return encoded(picture(form, photo, raw, size), size.quality, plan).toFile(file);
  };
  if (order === 'all') {
    await Promise.all(sizes.map(make));
  } else {
    for (const size of sizes) await make(size);
  }
  return { total: performance.now() - begun };
}

async function tune(form, photo, plan) {
  const { sizes } = plan;
  const raw = form === 'best' ? await largest(photo, sizes) : undefined;
  const qualities = [];
  for (const size of sizes) {
    // The sizes are scaled once here; the encoder alone runs for each quality.
    const { data, info } = await picture(form, photo, raw, size).raw().toBuffer({ resolveWithObject: true });
    const shape = { raw: { width: info.width, height: info.height, channels: info.channels } };
    let [low, high, best] = [1, 100, { off: Infinity }];
    while (low <= high) {
      const quality = (low + high) >> 1;
      const { length } = await encoded(sharp(data, shape), quality, plan).toBuffer();
      const off = Math.abs(length - size.bytes);
      if (off < best.off) best = { off, quality };
      if (length > size.bytes) high = quality - 1;
      else low = quality + 1;
    }
    qualities.push(best.quality);
  }
  return qualities;
}

const [verb, form, ...words] = process.argv.slice(2);
if (verb === 'version') {
  console.log(JSON.stringify({ sharp: sharp.versions.sharp, vips: sharp.versions.vips }));
} else if (verb === 'tune') {
  const [photo, plan] = words;
  console.log(JSON.stringify(await tune(form, photo, JSON.parse(readFileSync(plan, 'utf8')))));
} else if (verb === 'run') {
  const [order, threads, photo, folder, plan] = words;
  sharp.concurrency(Number(threads));
  const parsed = JSON.parse(readFileSync(plan, 'utf8'));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line !== 'go') throw new Error(`"${line}" is not understood`);
    console.log(JSON.stringify(await run(form, order, photo, folder, parsed)));
  }
} else {
  throw new Error('node sharp.mjs run|tune|version ...');
}
