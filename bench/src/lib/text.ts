/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const common =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also did many off before must well back through years where much your way down should because long each just state those people too mr how little world very still men good under home work'.split(
    ' ',
  );

/** Made-up but pronounceable words after the common English ones: 20,000 in all, always the same. */
const vocabulary = makeVocabulary(20_000);

function makeVocabulary(size: number): string[] {
  const random = randomFrom(7);
  const heads = [
    'b',
    'br',
    'c',
    'cl',
    'd',
    'dr',
    'f',
    'g',
    'gr',
    'h',
    'k',
    'l',
    'm',
    'n',
    'p',
    'pl',
    'r',
    's',
    'st',
    't',
    'tr',
    'v',
    'w',
  ];
  const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'ou'];
  const tails = ['', 'n', 'r', 's', 't', 'l', 'm', 'ck', 'nd'];
  const pick = (list: string[]) => list[Math.floor(random() * list.length)] ?? '';
  const words = new Set(common);
  while (words.size < size) {
    const syllables = 2 + Math.floor(random() * 2);
    words.add(Array.from({ length: syllables }, () => pick(heads) + pick(vowels) + pick(tails)).join(''));
  }
  return [...words];
}

/** Running sums of 1/rank: a word's chance falls with its rank, as in real text (Zipf). */
const sums = new Float64Array(vocabulary.length);
for (let i = 0, sum = 0; i < sums.length; i++) {
  sum += 1 / (i + 1);
  sums[i] = sum;
}

function word(random: () => number): string {
  const wanted = random() * (sums.at(-1) ?? 1);
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return vocabulary[low] ?? 'the';
}

/** A passage of about 110 words in sentences. */
export function passage(random: () => number): string {
  const sentences = Array.from({ length: 7 }, () => {
    const words = Array.from({ length: 11 + Math.floor(random() * 10) }, () => word(random));
    const text = words.join(' ');
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  });
  return sentences.join(' ');
}

/** Questions with three to five words that say something; the common ones around them as people write them. */
export function questions(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  const rare = () => {
    for (;;) {
      const chosen = word(random);
      if (!common.includes(chosen)) return chosen;
    }
  };
  return Array.from({ length: count }, () => {
    const rest = Array.from({ length: 1 + Math.floor(random() * 3) }, rare).join(' and ');
    return `What is the ${rare()} of the ${rare()} in ${rest}?`;
  });
}
