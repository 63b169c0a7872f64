/* The people of a door: finding them the way the server does, and the list with what this device has done but not sent yet. */
const PREFIX = "TH:";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function fold(text) {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").replace(/[đĐðÐ]/g, "d").toLowerCase();
}

/* What a row of the server says if nothing else is said (door_list.py). */
const USUAL = { name: "", contact: "", organisation: "", code: "", digits: "", commune: "", position: 1, size: 1, status: "confirmed", at: null };
const ORDER = new Intl.Collator("vi");

/* The people of a stored list by given name, as lists here are sorted; who has no name stands beside the contact. */
export function inOrder(groups) {
  const people = Object.values(groups).flatMap((group) => group.people.map((one) => ({ ...USUAL, taps: [], ...one })));
  const keys = new Map(people.map((one) => {
    const name = one.name || one.contact;
    return [one, [name.slice(name.lastIndexOf(" ") + 1), name]];
  }));
  return people.sort((a, b) => {
    const [givenA, nameA] = keys.get(a);
    const [givenB, nameB] = keys.get(b);
    return ORDER.compare(givenA, givenB) || ORDER.compare(nameA, nameB) || (a.code < b.code ? -1 : a.code > b.code ? 1 : a.position - b.position);
  });
}

/* What a scanner read: {code} of a registration, {person} of a badge, null for anything else. */
export function readCode(text) {
  const plain = text.trim().toUpperCase();
  if (!plain.startsWith(PREFIX)) return null;
  const rest = plain.slice(PREFIX.length);
  if (/^[2-9A-HJKMNP-Z]{7}$/.test(rest)) return { code: rest };
  if (!/^[A-Z2-7]{26}$/.test(rest)) return null;
  const bits = Array.from(rest, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const hex = bits.slice(0, 128).match(/.{4}/g).map((four) => parseInt(four, 2).toString(16)).join("");
  return { person: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") };
}

/* How somebody was found, by what the question looks like. */
export function wayOf(words, person) {
  if (words && person.code && person.code.startsWith(words.toUpperCase().replace(/ /g, ""))) return "code";
  const digits = words.replace(/\D/g, "").length;
  return digits >= 3 && digits * 2 > words.length ? "phone" : "name";
}

export function find(people, words) {
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  if (!wanted.length) return people;
  const meant = readCode(words);
  if (meant) return people.filter((one) => (meant.person ? one.key === meant.person : one.code === meant.code));
  const digits = words.replace(/\D/g, "");
  const code = words.toUpperCase().replace(/ /g, "");
  /* Only the last digits of a number are kept here; a whole number is found by its end. */
  const ending = digits.length > 4 ? digits.slice(-4) : digits;
  return people.filter((one) => {
    const text = fold(`${one.name} ${one.contact} ${one.organisation}`);
    return wanted.every((word) => text.includes(word))
      || (code.length >= 3 && one.code.startsWith(code))
      || (digits.length >= 3 && one.digits !== "" && one.digits.includes(ending));
  });
}

/* The hour as it is in Viet Nam, whatever the device thinks. */
export function clock(at) {
  const zone = { timeZone: "Asia/Ho_Chi_Minh", hour: "numeric", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en", zone).format(new Date(at)).replace(/^0(?=\d)/, "");
}

/* The server's list with the actions that wait, in their order, done to it. Nothing that was given is changed. */
export function withQueue(list, queue) {
  const people = list.people.map((one) => ({ ...one, taps: [...one.taps] }));
  const byKey = new Map(people.map((one) => [one.key, one]));
  const counts = { ...list.counts, free: list.free };
  for (const { key, at, action, settled } of queue) {
    const one = byKey.get(action.person);
    if (action.kind === "check_in" && one) {
      if (one.status === "waiting") {
        one.status = "confirmed";
        counts.waiting -= 1;
      }
      if (!one.at) {
        Object.assign(one, { at: new Date(at).toISOString(), time: clock(at) });
        counts.present += 1;
      }
      one.taps.push(key);
      one.unsent ||= !settled;
    } else if (action.kind === "undo" && one) {
      one.taps = one.taps.filter((tap) => !action.taps.includes(tap));
      if (one.at && !one.taps.length) {
        one.at = null;
        counts.present -= 1;
      }
      one.unsent ||= !settled;
    } else if (action.kind === "name" && one) {
      one.name = one.name || action.name;
      one.unsent ||= !settled;
    } else if (action.kind === "walk_in" || action.kind === "by_phone") {
      const isHere = action.kind === "walk_in";
      const size = Number(action.people) || 1;
      for (let position = 1; position <= size; position += 1) {
        people.push({
          key: `${key}:${position}`, name: position === 1 ? action.name : "", contact: position === 1 ? "" : action.name,
          organisation: "", code: "", digits: action.phone.replace(/\D/g, "").slice(-4), commune: "", position, size,
          status: "confirmed", at: isHere ? new Date(at).toISOString() : null, time: isHere ? clock(at) : "",
          taps: [], unsent: !settled, guest: true,
        });
      }
      counts.expected += size;
      if (isHere) Object.assign(counts, { present: counts.present + size, walk_ins: counts.walk_ins + size });
      if (counts.free !== null) counts.free = Math.max(0, counts.free - size);
    } else if (action.kind === "withdraw") {
      const gone = people.filter((person) => person.guest && person.key.startsWith(`${action.entry}:`));
      const came = gone.filter((person) => person.at).length;
      gone.forEach((person) => people.splice(people.indexOf(person), 1));
      Object.assign(counts, { expected: counts.expected - gone.length, present: counts.present - came, walk_ins: counts.walk_ins - came });
      if (counts.free !== null) counts.free += gone.length;
    }
  }
  return { people, counts };
}
