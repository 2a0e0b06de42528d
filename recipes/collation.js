// Writes the letters of the scripts that names are written in, in the order of CLDR's root collation (ICU of Node).
//
// A new line for each script; letters that differ by accent or form only stand together; `æ=ae` sorts as these do.

const base = new Intl.Collator("und", { sensitivity: "base", ignorePunctuation: true });
const accent = new Intl.Collator("und", { sensitivity: "accent", ignorePunctuation: true });

const SCRIPTS = [
  "Latin", "Greek", "Cyrillic", "Georgian", "Armenian", "Hebrew", "Arabic", "Ethiopic", "Devanagari", "Bengali",
  "Gurmukhi", "Gujarati", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Thai", "Lao", "Myanmar", "Khmer",
  "Hangul", "Hiragana", "Katakana", "Bopomofo",
].map((script) => [script, new RegExp(`^\\p{Script=${script}}$`, "u")]);
const WORD = /^[\p{L}\p{M}\p{Nd}]$/u;
const APOSTROPHE = /^[\u02b0-\u02ff]$/u;
const SYLLABLE = /^[\uac00-\ud7a3]$/u;

const scriptOf = (letter) =>
  /^[0-9]$/.test(letter) ? "digits" : (SCRIPTS.find(([, pattern]) => pattern.test(letter)) ?? [])[0];

function letters() {
  const found = [];
  for (let code = 0; code < 0x10000; code++) {
    const letter = String.fromCharCode(code);
    if (!WORD.test(letter) || APOSTROPHE.test(letter) || SYLLABLE.test(letter)) continue;
    if (letter.toLowerCase() !== letter || letter.normalize("NFC") !== letter || !scriptOf(letter)) continue;
    const plain = [...letter.normalize("NFKD")].filter((part) => base.compare(part, "") !== 0).join("");
    if (plain === "" || letter.normalize("NFKD") !== letter.normalize("NFD")) continue;
    if (letter.normalize("NFD") !== letter && base.compare(letter, plain) === 0) continue;
    found.push(letter);
  }
  return found;
}

const LATIN = [..."abcdefghijklmnopqrstuvwxyz"];
const PAIRS = LATIN.flatMap((first) => LATIN.map((second) => first + second));
const spelled = (letter) => PAIRS.find((pair) => base.compare(letter, pair) === 0);

const lines = [];
let script, last;
const order = (a, b) => base.compare(a, b) || accent.compare(a, b) || (a < b ? -1 : 1);
for (const letter of letters().sort(order)) {
  const pair = scriptOf(letter) === "Latin" && spelled(letter);
  if (!pair && last && base.compare(last, letter) === 0) {
    lines.at(-1)[lines.at(-1).length - 1] += letter;
    continue;
  }
  if (scriptOf(letter) !== script) lines.push([]);
  script = scriptOf(letter);
  lines.at(-1).push(pair ? `${letter}=${pair}` : letter);
  last = pair ? undefined : letter;
}
for (const tokens of lines) console.log(tokens.join(" "));
