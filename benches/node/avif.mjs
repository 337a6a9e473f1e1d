// sharp's AVIFs for the quality rows of ./dev bench: one photo at given sizes and qualities, at its default effort.
//
//   node avif.mjs PHOTO PLAN
//
// PLAN is JSON: [{ width, height, quality, file }]. For each one line of JSON is said: { cpu }, the milliseconds of
// processor time that scaling and encoding took. Colour is halved both ways, as in ours; sharp's own default is 4:4:4,
// which costs 2 to 4 % more bytes.

import sharp from 'sharp';

sharp.cache(false);

const [photo, plan] = process.argv.slice(2);
for (const { width, height, quality, file } of JSON.parse(plan)) {
  const before = process.cpuUsage();
  const scaled = sharp(photo).autoOrient().resize(width, height, { fit: 'fill' }).toColourspace('srgb').removeAlpha();
  await scaled.avif({ quality, chromaSubsampling: '4:2:0' }).toFile(file);
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ cpu: (user + system) / 1000 }));
}
