// How numbers and times are written.

const format = (() => {
  'use strict';

  const LOCALE = 'en-GB';
  const figures = new Intl.NumberFormat(LOCALE, {maximumSignificantDigits: 4});
  const whole = new Intl.NumberFormat(LOCALE, {maximumFractionDigits: 0});
  const oneDigit = new Intl.NumberFormat(LOCALE, {maximumFractionDigits: 1, minimumFractionDigits: 1});

  const NONE = '–';

  const isNumber = (x) => typeof x === 'number' && Number.isFinite(x);

  function value(x) {
    return !isNumber(x) ? NONE : Math.abs(x) >= 1e4 && Math.abs(x) < 1e15 ? whole.format(x) : figures.format(x);
  }

  function count(x) {
    return isNumber(x) ? whole.format(x) : NONE;
  }

  function rate(x) {
    return !isNumber(x) ? NONE : x >= 100 ? whole.format(x) : oneDigit.format(x);
  }

  function percent(share) {
    return isNumber(share) ? `${whole.format(share * 100)} %` : NONE;
  }

  function delay(millis) {
    if (!isNumber(millis)) return NONE;
    if (millis < 10_000) return `${whole.format(millis)} ms`;
    if (millis < 600_000) return `${whole.format(millis / 1_000)} s`;
    return span(millis);
  }

  /** A length of time in its largest unit. */
  function span(millis) {
    const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]];
    for (const [name, length] of units) {
      if (millis >= length) {
        const n = Math.round(10 * millis / length) / 10;
        return `${figures.format(n)} ${name}${n === 1 ? '' : 's'}`;
      }
    }
    return `${whole.format(millis)} ms`;
  }

  const STYLES = {
    full: {weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit'},
    short: {weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'},
    hours: {hour: '2-digit', minute: '2-digit'},
    seconds: {hour: '2-digit', minute: '2-digit', second: '2-digit'},
    days: {day: 'numeric', month: 'short'},
    months: {month: 'short', year: 'numeric'}
  };

  /** Writes times in one zone. What a style needs is made when it is used first, for that takes long. */
  class Clock {
    constructor(zone) {
      this.zone = zone;
      this.made = {};
    }

    write(style, millis) {
      this.made[style] ??= new Intl.DateTimeFormat(LOCALE, {timeZone: this.zone, hourCycle: 'h23', ...STYLES[style]});
      return this.made[style].format(millis);
    }

    time(millis) {
      return this.write('full', millis);
    }

    /** Without the year. */
    shortTime(millis) {
      return this.write('short', millis);
    }
  }

  function isZone(zone) {
    try {
      new Intl.DateTimeFormat(LOCALE, {timeZone: zone});
      return true;
    } catch {
      return false;
    }
  }

  return {NONE, value, count, rate, percent, delay, span, Clock, isZone};
})();
