// How numbers and times are written.

const LOCALE = 'en-GB';
const figures = new Intl.NumberFormat(LOCALE, {maximumSignificantDigits: 4});
const whole = new Intl.NumberFormat(LOCALE, {maximumFractionDigits: 0});
const oneDigit = new Intl.NumberFormat(LOCALE, {maximumFractionDigits: 1, minimumFractionDigits: 1});

export const NONE = '–';

const isNumber = (x) => typeof x === 'number' && Number.isFinite(x);

export function value(x) {
  return !isNumber(x) ? NONE : Math.abs(x) >= 1e4 && Math.abs(x) < 1e15 ? whole.format(x) : figures.format(x);
}

export function count(x) {
  return isNumber(x) ? whole.format(x) : NONE;
}

export function rate(x) {
  return !isNumber(x) ? NONE : x >= 100 ? whole.format(x) : oneDigit.format(x);
}

export function percent(share) {
  return isNumber(share) ? `${whole.format(share * 100)} %` : NONE;
}

export function delay(millis) {
  if (!isNumber(millis)) return NONE;
  if (millis < 10_000) return `${whole.format(millis)} ms`;
  if (millis < 600_000) return `${whole.format(millis / 1_000)} s`;
  return span(millis);
}

/** A length of time in its largest unit. */
export function span(millis) {
  const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]];
  for (const [name, length] of units) {
    if (millis >= length) {
      const n = Math.round(10 * millis / length) / 10;
      return `${figures.format(n)} ${name}${n === 1 ? '' : 's'}`;
    }
  }
  return `${whole.format(millis)} ms`;
}

/** Writes times in one zone. */
export class Clock {
  constructor(zone) {
    this.zone = zone;
    const of = (options) => new Intl.DateTimeFormat(LOCALE, {timeZone: zone, hourCycle: 'h23', ...options});
    this.full = of({weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit'});
    this.short = of({weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});
    this.hours = of({hour: '2-digit', minute: '2-digit'});
    this.seconds = of({hour: '2-digit', minute: '2-digit', second: '2-digit'});
    this.days = of({day: 'numeric', month: 'short'});
    this.months = of({month: 'short', year: 'numeric'});
  }

  time(millis) {
    return this.full.format(millis);
  }

  /** Without the year. */
  shortTime(millis) {
    return this.short.format(millis);
  }
}

export function isZone(zone) {
  try {
    new Intl.DateTimeFormat(LOCALE, {timeZone: zone});
    return true;
  } catch {
    return false;
  }
}
