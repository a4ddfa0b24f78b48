// Draws the series, the fan of its newest forecast, and earlier forecasts behind it.

const {Chart, pairs} = (() => {
  'use strict';

  const DAY = 86_400_000;
  const PAD = 0.06;
  const FAINTEST = 0.2;
  const STRONGEST = 0.75;
  const FADES = 0.93;
  const WIDE = 4;
  const MEMBER_COLOURS = 4;

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function colours() {
    const names = ['ink', 'faint', 'seen', 'fan', 'earlier', 'odd', 'grid', 'card'];
    const found = Object.fromEntries(names.map((name) => [name, style(`--${name}`)]));
    found.members = [...Array(MEMBER_COLOURS).keys()].map((i) => style(`--member-${i}`));
    return found;
  }

  /** A colour of the style sheet, let through. */
  function faded(hex, alpha) {
    const n = parseInt(hex.slice(1), 16);
    return `rgba(${n >> 16}, ${(n >> 8) & 255}, ${n & 255}, ${alpha})`;
  }

  /** Pairs of quantiles from the outermost inwards: their places and the share that lies between. */
  function pairs(levels) {
    const found = [];
    for (let low = 0, high = levels.length - 1; low < high; low++, high--) {
      found.push({low, high, share: levels[high] - levels[low]});
    }
    return found;
  }

  class Chart {
    /**
     * @param {HTMLElement} frame that takes the focus
     * @param {HTMLElement} plot that is drawn into
     */
    constructor(frame, plot, {onRead}) {
      this.frame = frame;
      this.plot = plot;
      this.onRead = onRead;
      this.range = 'wide';
      this.membersShown = false;
      this.zoomed = null;
      this.at = null;
      this.drawn = false;
      this.clock = new format.Clock('UTC');
      this.model = {cells: {times: [], values: []}, newest: null, earlier: [], members: [], breaches: []};
      this.colours = colours();
      new ResizeObserver(() => this.resize()).observe(plot);
      matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
        this.colours = colours();
        this.rebuild();
      });
      frame.addEventListener('keydown', (event) => this.key(event));
      frame.addEventListener('blur', () => this.read(null));
    }

    setClock(clock) {
      this.clock = clock;
      this.rebuild();
    }

    setRange(range) {
      this.range = range;
      this.zoomed = null;
      this.draw();
    }

    setMembersShown(shown) {
      this.membersShown = shown;
      this.rebuild();
    }

    /** Shows what there is now. */
    show(model) {
      this.model = model;
      this.draw();
    }

    /** The first and last time that are in sight. */
    window() {
      if (this.zoomed) return this.zoomed;
      const {cells, newest} = this.model;
      const begin = Math.min(cells.times[0] ?? Infinity, newest?.origin ?? Infinity);
      const end = Math.max(cells.times.at(-1) ?? -Infinity, newest?.times.at(-1) ?? -Infinity);
      if (this.range === 'all' || !newest) return [begin, end];
      const ahead = newest.times.at(-1) - newest.origin;
      const now = Math.max(newest.origin, cells.times.at(-1) ?? -Infinity);
      return [Math.max(begin, now - ahead * (this.range === 'near' ? 1 : WIDE)), end];
    }

    /** Times in a row and, for each line, its values at them. */
    aligned() {
      const {cells, newest, members} = this.model;
      const tables = [[cells.times, cells.values]];
      if (newest) tables.push(this.fromOrigin(newest));
      const shown = this.membersShown ? members : [];
      shown.forEach((member) => tables.push([member.times, member.points]));
      const joined = uPlot.join(tables.map(([x, ...ys]) => (x.length ? [x, ...ys] : [[0], ...ys.map(() => [null])])));
      return {data: joined, members: shown};
    }

    /** A fan grows out of the last value that was seen. */
    fromOrigin(fan) {
      const {times, values} = this.model.cells;
      const at = times.indexOf(fan.origin);
      const seen = at >= 0 ? values[at] : null;
      const grown = (line) => (seen === null ? line : [seen, ...line]);
      const levels = fan.levels.length;
      const lines = pairs(fan.levels).flatMap(({low, high}) => [
        grown(fan.times.map((_, i) => fan.quantiles[i * levels + low])),
        grown(fan.times.map((_, i) => fan.quantiles[i * levels + high]))
      ]);
      return [seen === null ? fan.times : [fan.origin, ...fan.times], grown(fan.points), ...lines];
    }

    /** What decides how many lines there are. */
    shape() {
      const {newest, members} = this.model;
      return JSON.stringify([
        newest ? newest.levels.length : null,
        this.membersShown ? members.map((one) => one.model) : []
      ]);
    }

    draw() {
      const isEmpty = this.model.cells.times.length === 0 && !this.model.newest;
      this.plot.hidden = isEmpty;
      if (isEmpty) return;
      if (!this.chart || this.shape() !== this.shaped) {
        this.rebuild();
        return;
      }
      this.lines = this.aligned();
      this.chart.setData(this.lines.data, false);
      this.rescale();
      this.say();
    }

    rebuild() {
      this.chart?.destroy();
      this.chart = null;
      if (this.plot.hidden || this.plot.clientWidth === 0) return;
      if (this.model.cells.times.length === 0 && !this.model.newest) return;
      this.shaped = this.shape();
      this.lines = this.aligned();
      this.chart = new uPlot(this.options(), this.lines.data, this.plot);
      this.rescale();
      this.say();
    }

    /** Moves what is in sight. The scale of values follows it. */
    rescale() {
      const [min, max] = this.sight();
      if (Number.isFinite(min) && Number.isFinite(max)) this.chart.setScale('x', {min, max});
    }

    /** The window, with a little room at both ends. */
    sight() {
      const [min, max] = this.window();
      const pad = this.zoomed ? 0 : max > min ? (max - min) * 0.01 : 1;
      return [min - pad, max + pad];
    }

    resize() {
      if (!this.chart) {
        this.draw();
        return;
      }
      const size = {width: this.plot.clientWidth, height: this.frame.clientHeight};
      // It is told of the first size too, in which the chart is drawn already.
      if (size.width > 0 && (size.width !== this.chart.width || size.height !== this.chart.height)) this.chart.setSize(size);
    }

    options() {
      const c = this.colours;
      const newest = this.model.newest;
      const bands = newest ? pairs(newest.levels) : [];
      const series = [{}, {stroke: c.seen, width: 2, points: {show: false}}];
      if (newest) {
        series.push({stroke: c.fan, width: 2.5, points: {show: false}});
        bands.forEach(() => series.push({stroke: 'transparent', points: {show: false}}, {stroke: 'transparent', points: {show: false}}));
      }
      this.lines.members.forEach((_, i) =>
        series.push({stroke: c.members[i % MEMBER_COLOURS], width: 1.5, dash: [5, 4], points: {show: false}}));
      const alpha = bands.length > 0 ? Math.max(0.07, 0.3 / bands.length) : 0;
      return {
        width: this.plot.clientWidth,
        height: this.frame.clientHeight,
        ms: 1,
        legend: {show: false},
        padding: [12, 22, 0, 0],
        cursor: {
          y: false,
          points: {size: 8},
          drag: {x: true, y: false}
        },
        select: {show: true},
        scales: {x: {time: true, range: (u, min, max) => (min === null ? this.sight() : [min, max])}, y: {range: (u) => this.valueRange(u)}},
        bands: bands.map((_, i) => ({series: [4 + 2 * i, 3 + 2 * i], fill: faded(c.fan, alpha)})),
        tzDate: (ts) => uPlot.tzDate(new Date(ts), this.clock.zone),
        axes: [
          {
            stroke: c.faint,
            font: '12px system-ui, sans-serif',
            grid: {stroke: c.grid, width: 1},
            ticks: {stroke: c.grid, width: 1, size: 5},
            space: 70,
            size: 46,
            values: (u, splits, axis, space, step) => this.timeMarks(splits, step)
          },
          {
            stroke: c.faint,
            font: '12px system-ui, sans-serif',
            grid: {stroke: c.grid, width: 1},
            ticks: {show: false},
            size: (u, values) => 14 + 7.2 * Math.max(4, ...(values ?? []).map((text) => text.length)),
            values: (u, splits) => splits.map((one) => format.value(one))
          }
        ],
        series,
        hooks: {
          drawAxes: [(u) => this.drawBehind(u)],
          draw: [(u) => this.drawBefore(u)],
          setCursor: [(u) => this.read(u.cursor.idx ?? null)],
          setSelect: [(u) => this.zoom(u)]
        }
      };
    }

    timeMarks(splits, step) {
      let day = null;
      return splits.map((millis) => {
        const date = this.clock.write('days', millis);
        if (step >= 28 * DAY) return this.clock.write('months', millis);
        if (step >= DAY) return date;
        const hours = this.clock.write(step < 60_000 ? 'seconds' : 'hours', millis);
        const text = date === day ? hours : `${hours}\n${date}`;
        day = date;
        return text;
      });
    }

    /** Lowest and highest of all that is in sight. */
    valueRange(u) {
      // The scale of time in u is the one of before while this is asked.
      const [min, max] = this.sight();
      let low = Infinity;
      let high = -Infinity;
      const take = (time, value) => {
        if (value !== null && value !== undefined && time >= min && time <= max) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      };
      const [times, ...lines] = u.data;
      lines.forEach((line) => times.forEach((time, i) => take(time, line[i])));
      this.model.earlier.forEach((fan) => fan.times.forEach((time, i) => take(time, fan.points[i])));
      if (low > high) return [0, 1];
      const pad = (high - low || Math.abs(high) || 1) * PAD;
      return [low - pad, high + pad];
    }

    clipped(u, draw) {
      const {left, top, width, height} = u.bbox;
      u.ctx.save();
      u.ctx.beginPath();
      u.ctx.rect(left, top, width, height);
      u.ctx.clip();
      draw(u.ctx);
      u.ctx.restore();
    }

    drawBehind(u) {
      const {earlier, newest} = this.model;
      this.clipped(u, (ctx) => {
        ctx.lineWidth = 1.25 * devicePixelRatio;
        ctx.setLineDash([]);
        earlier.forEach((fan, i) => {
          const age = earlier.length - i;
          ctx.strokeStyle = faded(this.colours.earlier, Math.max(FAINTEST, STRONGEST * FADES ** age));
          ctx.beginPath();
          let pen = false;
          fan.times.forEach((time, step) => {
            const value = fan.points[step];
            if (value === null) {
              pen = false;
              return;
            }
            const x = u.valToPos(time, 'x', true);
            const y = u.valToPos(value, 'y', true);
            if (pen) ctx.lineTo(x, y);
            else ctx.moveTo(x, y);
            pen = true;
          });
          ctx.stroke();
        });
        if (newest) {
          const x = Math.round(u.valToPos(newest.origin, 'x', true)) + 0.5;
          ctx.strokeStyle = this.colours.faint;
          ctx.lineWidth = devicePixelRatio;
          ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
          ctx.beginPath();
          ctx.moveTo(x, u.bbox.top);
          ctx.lineTo(x, u.bbox.top + u.bbox.height);
          ctx.stroke();
        }
      });
    }

    drawBefore(u) {
      if (!this.drawn) {
        this.drawn = true;
        performance.mark('chart');
      }
      this.clipped(u, (ctx) => {
        ctx.lineWidth = 2.2 * devicePixelRatio;
        ctx.setLineDash([]);
        ctx.strokeStyle = this.colours.odd;
        this.model.breaches.forEach((breach) => {
          ctx.beginPath();
          ctx.arc(u.valToPos(breach.time, 'x', true), u.valToPos(breach.value, 'y', true), 5.5 * devicePixelRatio, 0, 2 * Math.PI);
          ctx.stroke();
        });
      });
    }

    zoom(u) {
      if (u.select.width > 4) {
        this.zoomed = [u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')];
        u.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
        this.rescale();
      }
    }

    key(event) {
      const u = this.chart;
      if (!u || event.ctrlKey || event.altKey || event.metaKey) return;
      const times = u.data[0];
      const last = times.length - 1;
      const from = u.valToIdx(u.scales.x.min);
      const to = Math.min(last, u.valToIdx(u.scales.x.max));
      const newest = this.model.newest ? times.indexOf(this.model.newest.origin) : -1;
      const at = this.at ?? (newest >= 0 ? newest : to);
      const page = Math.max(1, Math.round((to - from) / 10));
      const moves = {
        ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1,
        PageDown: at - page, PageUp: at + page, Home: from, End: to
      };
      if (event.key === 'Escape') {
        this.zoomed = null;
        this.rescale();
        this.read(null);
      } else if (event.key in moves) {
        event.preventDefault();
        const next = Math.max(from, Math.min(to, moves[event.key]));
        u.setCursor({left: u.valToPos(times[next], 'x'), top: 0}, false);
        this.read(next);
      }
    }

    /** What is to be said of one moment. */
    textAt(index) {
      const u = this.chart;
      const time = u.data[0][index];
      const newest = this.model.newest;
      const seen = u.data[1][index];
      const parts = [];
      if (seen !== null && seen !== undefined) parts.push(`observed ${format.value(seen)}`);
      if (newest && time > newest.origin) {
        const step = newest.times.indexOf(time);
        if (step >= 0) {
          parts.push(`expected ${format.value(newest.points[step])}`);
          const outermost = pairs(newest.levels)[0];
          if (outermost) {
            const n = newest.levels.length;
            parts.push(`${format.value(newest.quantiles[step * n + outermost.low])} to ${format.value(newest.quantiles[step * n + outermost.high])} in ${format.percent(outermost.share)}`);
          }
        }
      }
      const odd = this.model.breaches.find((one) => one.time === time);
      if (odd) parts.push(`${odd.kind} ${odd.direction}: ${format.value(odd.low)} to ${format.value(odd.high)} was expected`);
      return `${this.clock.time(time)}: ${parts.join(', ') || 'no value'}`;
    }

    read(index) {
      this.at = index;
      this.say();
    }

    say() {
      const u = this.chart;
      if (!u) return;
      const times = u.data[0];
      const index = this.at !== null && this.at < times.length ? this.at : null;
      this.frame.setAttribute('aria-valuemax', String(times.length - 1));
      const newest = this.model.newest ? times.indexOf(this.model.newest.origin) : -1;
      const told = index ?? (newest >= 0 ? newest : times.length - 1);
      this.frame.setAttribute('aria-valuenow', String(told));
      const text = this.textAt(told);
      this.frame.setAttribute('aria-valuetext', text);
      this.onRead(index === null ? '' : text);
    }
  }

  return {Chart, pairs};
})();
