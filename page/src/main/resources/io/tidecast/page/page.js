// Keeps what the server tells of one series, and shows it.

(() => {
  'use strict';

  const $ = (id) => document.getElementById(id);
  const GIVEN_UP_MILLIS = 3_000;
  const TYPING_MILLIS = 120;
  const MOST_BREACHES = 50;
  const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

  /** Makes an element; text is text, whatever is in it. */
  function make(tag, {text, ...attributes} = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) element.setAttribute(name, value);
    }
    if (text !== undefined) element.textContent = text;
    element.append(...children);
    return element;
  }

  const cell = (text, small) => {
    const td = make('td', {class: 'n', text});
    if (small) td.append(make('small', {text: small}));
    return td;
  };

  // ---- what is known

  const asked = new URLSearchParams(location.search);
  const chosen = {series: asked.get('series'), target: asked.get('target')};
  let limits = {cells: 2_000, fans: 24};
  let job = null;
  let known = nothing();
  let lastHeard = null;
  let clock = null;

  function nothing() {
    return {targets: [], cells: new Map(), fans: new Map(), members: new Map(), scores: [], breaches: new Map()};
  }

  function take(update) {
    lastHeard = Date.now();
    if (update.whole) known = nothing();
    limits = update.limits;
    if (update.job) job = update.job;
    if (update.chosen && !chosen.series) {
      choose(update.chosen, null, false);
      // Or another server would choose another one.
      if (source) listen(mark);
    }
    $('title').textContent = update.title;
    document.title = `${update.title} · Tidecast`;
    const series = update.series;
    if (series) {
      known.targets = series.targets;
      known.target = series.target;
      series.cellTimes.forEach((time, i) => known.cells.set(time, series.cellValues[i]));
      for (const fan of series.fans) {
        if (fan.role === 'primary') known.fans.set(fan.origin, fan);
        else known.members.set(`${fan.model} ${fan.version}`, fan);
      }
      const kept = new Set(series.origins);
      for (const origin of known.fans.keys()) if (!kept.has(origin)) known.fans.delete(origin);
      if (series.scores.length > 0) known.scores = series.scores;
      for (const breach of series.breaches) {
        const id = `${breach.time} ${breach.kind}`;
        if (breach.withdrawn) known.breaches.delete(id);
        else known.breaches.set(id, breach);
      }
      if (known.cells.size > limits.cells) {
        const surplus = [...known.cells.keys()].sort((a, b) => a - b).slice(0, known.cells.size - limits.cells);
        surplus.forEach((time) => known.cells.delete(time));
      }
    }
    show(offerZones(update.zone) || Boolean(series));
  }

  // ---- the stream

  let source = null;

  /** Of what is known; null where nothing of the series is. */
  let mark = null;

  /**
   * A browser has some six connections to a server, for all its tabs. So a tab that nobody looks at
   * holds none, and goes on from where it was once somebody does.
   *
   * @param after a mark of what is known; all of the series is told where there is none
   */
  function listen(after) {
    source?.close();
    source = null;
    mark = after ?? null;
    if (document.hidden) return;
    const query = new URLSearchParams();
    if (after) query.set('after', after);
    if (chosen.series) query.set('series', chosen.series);
    if (chosen.target) query.set('target', chosen.target);
    const here = new EventSource(`api/events?${query}`);
    source = here;
    here.onmessage = (event) => {
      document.body.classList.remove('stale');
      mark = event.lastEventId;
      take(JSON.parse(event.data));
    };
    here.onerror = () => {
      document.body.classList.add('stale');
      showState();
      if (here.readyState === EventSource.CLOSED) {
        setTimeout(() => source === here && listen(), GIVEN_UP_MILLIS);
      }
    };
  }

  function choose(series, target, again = true) {
    chosen.series = series;
    chosen.target = target;
    $('pick').value = series;
    // The chart comes first.
    setTimeout(showAddress);
    if (again) {
      known = nothing();
      chart.zoomed = null;
      show(true);
      listen();
    }
  }

  function showAddress() {
    const next = new URLSearchParams({series: chosen.series});
    if (chosen.target) next.set('target', chosen.target);
    history.replaceState(null, '', `?${next}`);
  }

  // ---- showing

  const chart = new Chart($('chart'), $('plot'), {onRead: (text) => { $('readout').textContent = text; }});

  function show(seriesChanged) {
    showState();
    if (job) {
      showNotices();
      showTiles();
    }
    showEmpty();
    if (seriesChanged) {
      showTargets();
      showChart();
      showModels();
      showBreaches();
    }
  }

  function showState() {
    let state = 'wait';
    let text = 'Connecting';
    if (document.body.classList.contains('stale')) {
      state = 'lost';
      text = lastHeard ? `Connection lost at ${clock.write('seconds', lastHeard)}; trying again` : 'No connection; trying again';
    } else if (job) {
      state = {running: 'good', starting: 'wait', restarting: 'warn', ended: 'warn'}[job.phase] ?? 'wait';
      text = job.sentence;
      if (!job.live && job.phase === 'running') {
        state = 'wait';
        text = 'Reading what there was before';
      }
    }
    if ($('state').dataset.state !== state) $('state').dataset.state = state;
    if ($('state-text').textContent !== text) $('state-text').textContent = text;
  }

  function showNotices() {
    const notices = [...job.notices, ...job.lacking.map((sentence) => ({sentence, blocking: false}))];
    if (job.leftOut > 0) {
      notices.push({
        sentence: `The page keeps ${format.count(job.series)} series. ${format.count(job.leftOut)} records of others were passed over; type the whole name of a series to see it from now on.`,
        blocking: false
      });
    }
    if (job.crowdedOut > 0) {
      notices.push({
        sentence: `The memory of the page did not suffice for ${format.count(job.crowdedOut)} records: older forecasts are not all shown.`,
        blocking: false
      });
    }
    const text = JSON.stringify(notices);
    if ($('notices').dataset.shown === text) return;
    $('notices').dataset.shown = text;
    $('notices').hidden = notices.length === 0;
    $('notice-list').replaceChildren(
      ...notices.map((one) => make('li', {class: one.blocking ? 'blocking' : '', text: one.sentence})));
  }

  function showTiles() {
    const set = (id, text) => { if ($(id).textContent !== text) $(id).textContent = text; };
    set('observation-rate', format.rate(job.observationsPerSecond));
    set('observations', `${format.count(job.observations)} in all`);
    set('forecast-rate', format.rate(job.forecastsPerSecond));
    set('forecasts', `${format.count(job.forecasts + job.fallbacks)} in all${job.fallbacks > 0 ? `, ${format.count(job.fallbacks)} the baseline’s` : ''}`);
    set('delay', format.delay(job.delayMedian));
    set('delay-most', job.delayMost === null ? 'none has come yet' : `99 in 100: ${format.delay(job.delayMost)}`);
    set('series-count', format.count(Math.max(job.series, job.seriesOfJob)));
    set('series-more', job.seriesOfJob > job.series ? `${format.count(job.series)} on this page` : 'all on this page');
    set('dead-letters', format.count(job.deadLetters));
    set('dead-letters-more', job.deadLetters > 0 ? 'could not be used' : 'everything could be used');
  }

  function showTargets() {
    $('target-picker').hidden = known.targets.length < 2;
    const names = JSON.stringify(known.targets);
    if ($('target').dataset.shown !== names) {
      $('target').dataset.shown = names;
      $('target').replaceChildren(...known.targets.map((name) => make('option', {value: name, text: name})));
    }
    if (known.target) $('target').value = known.target;
  }

  function primaries() {
    return [...known.fans.values()].sort((a, b) => a.origin - b.origin);
  }

  function others() {
    return [...known.members.values()].sort((a, b) => a.model.localeCompare(b.model));
  }

  function breaches() {
    return [...known.breaches.values()].sort((a, b) => a.time - b.time);
  }

  function showChart() {
    const times = [...known.cells.keys()].sort((a, b) => a - b);
    const fans = primaries();
    const newest = fans.at(-1) ?? null;
    $('members-check').hidden = known.members.size === 0;
    chart.show({
      cells: {times, values: times.map((time) => known.cells.get(time))},
      newest,
      earlier: fans.slice(0, -1),
      members: others(),
      breaches: breaches()
    });
    $('legend').hidden = times.length === 0 && !newest;
    $('table-box').hidden = !newest;
    showCaption(newest);
    showLegend(newest, fans.length > 1);
    showTable(newest);
  }

  function showCaption(newest) {
    const caption = $('caption');
    if (!newest) {
      caption.textContent = known.cells.size > 0 ? 'Observations have come, and no forecast yet.' : '';
      return;
    }
    const last = newest.times.length - 1;
    const outermost = pairs(newest.levels)[0];
    const n = newest.levels.length;
    const range = outermost
      ? `, between ${format.value(newest.quantiles[last * n + outermost.low])} and ${format.value(newest.quantiles[last * n + outermost.high])} in ${Math.round(100 * outermost.share)} of 100 cases`
      : '';
    caption.replaceChildren(
      make('b', {text: `${newest.model} ${newest.version}`}),
      `${newest.fallback ? ', the baseline in place of the model,' : ''} expects `,
      make('b', {text: format.value(newest.points[last])}),
      ` at the end of ${format.span(newest.times[last] - newest.origin)}${range}. Last value seen: ${clock.time(newest.origin)}.`);
  }

  function showLegend(newest, hasEarlier) {
    const items = [];
    const item = (kind, colour, text) => {
      const mark = make('i', {class: kind});
      if (colour) mark.style.borderColor = `var(${colour})`;
      items.push(make('li', {}, mark, text));
    };
    item('', '--seen', 'observed');
    if (newest) item('', '--fan', 'expected');
    if (newest && newest.levels.length > 1) {
      const shares = pairs(newest.levels).map(({share}) => format.percent(share));
      item('area a', null, `${shares[0]} of values${shares.length > 1 ? `, darker ${shares.slice(1).join(', ')}` : ''}`);
    }
    if (hasEarlier) item('earlier', '--earlier', 'earlier forecasts');
    if (known.breaches.size > 0) item('mark', null, 'not expected');
    if ($('members').checked) others().forEach((one, i) => item('dashes', `--member-${i % 4}`, one.model));
    const text = items.map((one) => one.textContent).join('|');
    if ($('legend').dataset.shown === text) return;
    $('legend').dataset.shown = text;
    $('legend').replaceChildren(...items);
  }

  function showTable(newest) {
    if (!newest || !$('table-box').open) return;
    const ranges = pairs(newest.levels);
    $('table-head').replaceChildren(
      make('th', {scope: 'col', text: 'Time'}),
      make('th', {scope: 'col', class: 'n', text: 'Expected'}),
      ...ranges.map(({share}) => make('th', {scope: 'col', class: 'n', text: `${format.percent(share)} range`})),
      make('th', {scope: 'col', class: 'n', text: 'Observed'}));
    const n = newest.levels.length;
    $('table-body').replaceChildren(
      ...newest.times.map((time, i) =>
        make('tr', {},
          make('th', {scope: 'row', text: clock.shortTime(time)}),
          cell(format.value(newest.points[i])),
          ...ranges.map(({low, high}) => cell(`${format.value(newest.quantiles[i * n + low])} – ${format.value(newest.quantiles[i * n + high])}`)),
          cell(format.value(known.cells.get(time))))));
  }

  /** Who made forecasts: rows of the table, each with its scores by lead time. */
  function contestants() {
    const newest = primaries().at(-1);
    const rows = new Map();
    for (const score of known.scores) {
      const id = `${score.model} ${score.version}`;
      const fan = newest && newest.model === score.model ? newest : known.members.get(id);
      const row = rows.get(id) ?? {
        model: score.model, version: score.version, role: score.role || (fan ? fan.role : ''), weight: score.weight ?? fan?.weight ?? null, bands: new Map()
      };
      row.bands.set(`${score.firstLead}-${score.lastLead}`, score);
      rows.set(id, row);
    }
    for (const fan of [...known.members.values(), ...(newest ? [newest] : [])]) {
      const id = `${fan.model} ${fan.version}`;
      if (!rows.has(id)) rows.set(id, {model: fan.model, version: fan.version, role: fan.role, weight: fan.weight, bands: new Map()});
    }
    const rank = (row) => ({primary: 0, member: 1, shadow: 2}[row.role] ?? 3);
    return [...rows.values()].sort((a, b) => rank(a) - rank(b) || (b.weight ?? 0) - (a.weight ?? 0) || a.model.localeCompare(b.model));
  }

  /** The mean of a figure over lead times, those with more values counting more. */
  function overall(row, pick) {
    let sum = 0;
    let weight = 0;
    for (const score of row.bands.values()) {
      const figure = pick(score);
      if (figure !== null) {
        sum += figure * score.count;
        weight += score.count;
      }
    }
    return weight > 0 ? sum / weight : null;
  }

  function showModels() {
    const rows = contestants();
    const bands = [...new Map(known.scores.map((s) => [`${s.firstLead}-${s.lastLead}`, s])).values()]
      .sort((a, b) => a.firstLead - b.firstLead || a.lastLead - b.lastLead);
    $('models-box').hidden = rows.length === 0;
    $('models-note').hidden = bands.length === 0;
    $('models-empty').hidden = known.scores.length > 0;
    $('models-empty').textContent = rows.length === 0
      ? 'No scores yet.'
      : 'No scores yet: they come once values are known that were forecast.';
    const weighted = rows.some((row) => row.weight !== null);
    const head = (text, numeric) => make('th', {scope: 'col', class: numeric ? 'n' : null, text});
    $('models-head').replaceChildren(
      head('Model'), head('Role'),
      ...(weighted ? [head('Weight')] : []),
      ...bands.map((b) => head(b.firstLead === b.lastLead ? `${b.firstLead} ahead` : `${b.firstLead}–${b.lastLead} ahead`, true)),
      ...(bands.length > 0 ? [head('MASE', true), head('Coverage', true), head('Bias', true), head('Values', true)] : []));
    const newest = primaries().at(-1);
    const nominal = newest ? pairs(newest.levels)[0]?.share : undefined;
    $('models-body').replaceChildren(...rows.map((row) => {
      const tr = make('tr', {}, make('th', {scope: 'row', text: row.model}, make('small', {text: `version ${row.version}`})));
      tr.append(make('td', {}, row.role ? make('span', {class: `role ${row.role}`, text: row.role}) : ''));
      if (weighted) {
        const td = make('td');
        if (row.weight !== null) {
          const bar = make('span', {class: 'share', 'aria-hidden': 'true'}, make('span'));
          bar.firstChild.style.width = `${Math.round(100 * row.weight)}%`;
          td.append(bar, format.percent(row.weight));
        }
        tr.append(td);
      }
      for (const band of bands) {
        const score = row.bands.get(`${band.firstLead}-${band.lastLead}`);
        const figures = score?.recent;
        if (!figures) {
          tr.append(cell(format.NONE));
          continue;
        }
        const ratio = figures.naiveMae > 0 ? figures.mae / figures.naiveMae : null;
        const td = make('td', {class: 'n'});
        td.append(make('span', {class: ratio === null ? '' : ratio < 1 ? 'better' : ratio > 1 ? 'worse' : '', text: format.percent(ratio)}));
        td.append(make('small', {text: format.value(figures.mae)}));
        tr.append(td);
      }
      if (bands.length > 0) {
        tr.append(
          cell(format.value(rounded(overall(row, (s) => s.recent.mase)))),
          cell(format.percent(overall(row, (s) => s.recent.coverage)), nominal !== undefined && overall(row, (s) => s.recent.coverage) !== null ? `of ${format.percent(nominal)}` : null),
          cell(format.value(rounded(overall(row, (s) => s.recent.bias)))),
          cell(format.count([...row.bands.values()].reduce((sum, s) => sum + s.count, 0))));
      }
      return tr;
    }));
  }

  function rounded(x) {
    return x === null ? null : Number(x.toPrecision(3));
  }

  function showBreaches() {
    const all = breaches().reverse().slice(0, MOST_BREACHES);
    $('breaches').hidden = all.length === 0;
    $('breaches-body').replaceChildren(...all.map((one) =>
      make('tr', {},
        make('th', {scope: 'row', text: clock.shortTime(one.time)}),
        make('td', {text: `${one.kind} ${one.direction}`}),
        cell(format.value(one.value)),
        cell(`${format.value(one.low)} – ${format.value(one.high)}`),
        cell(format.value(rounded(one.score))))));
  }

  function showEmpty() {
    const isEmpty = known.cells.size === 0 && known.fans.size === 0;
    $('empty').hidden = !isEmpty;
    if (!isEmpty) return;
    $('empty').textContent = chosen.series
      ? `Nothing is known of ${chosen.series} yet. It is shown as soon as the job writes something of it.`
      : 'Waiting for the first forecast.';
  }

  // ---- zones

  function setZone(zone) {
    clock = new format.Clock(zone);
    chart.setClock(clock);
    $('foot').textContent = `Times are in ${zone}${zone === HERE ? ', the zone of this device' : ''}. The page comes from this machine and asks no other.`;
  }

  let offered = null;

  /** Whether the zone is another one now. */
  function offerZones(ofSeries) {
    if (offered === ofSeries) return false;
    offered = ofSeries;
    const zones = [...new Set([HERE, ofSeries, 'UTC'].filter((zone) => zone && format.isZone(zone)))];
    $('zone').replaceChildren(...zones.map((zone) =>
      make('option', {value: zone, text: zone + (zone === HERE ? ' (this device)' : zone === ofSeries ? ' (the series)' : '')})));
    let before = null;
    try {
      before = localStorage.getItem('zone');
    } catch {
      // Then the first one it is.
    }
    $('zone').value = zones.includes(before) ? before : zones[0];
    if (clock?.zone === $('zone').value) return false;
    setZone($('zone').value);
    return true;
  }

  // ---- the picker

  const picker = {input: $('pick'), list: $('pick-list'), box: $('pick-box'), at: -1, asked: 0, timer: 0};

  async function offer(text) {
    const turn = ++picker.asked;
    let found;
    try {
      found = await (await fetch(`api/series?${new URLSearchParams({q: text})}`)).json();
    } catch {
      return;
    }
    if (turn !== picker.asked) return;
    picker.list.replaceChildren(...found.names.map((name, i) =>
      make('li', {id: `option-${i}`, role: 'option', 'aria-selected': 'false', text: name})));
    $('pick-count').textContent = found.count === 0
      ? 'No series of this name is kept; Enter waits for one.'
      : found.count > found.names.length
        ? `${format.count(found.names.length)} of ${format.count(found.count)} series; type to find others`
        : `${format.count(found.count)} series`;
    point(found.names.indexOf(chosen.series));
    open(true);
  }

  function open(isOpen) {
    picker.box.hidden = !isOpen;
    picker.input.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) {
      picker.asked++;
      picker.input.removeAttribute('aria-activedescendant');
    }
  }

  function point(at) {
    const options = [...picker.list.children];
    options.forEach((one, i) => one.setAttribute('aria-selected', String(i === at)));
    picker.at = at;
    if (at >= 0) {
      picker.input.setAttribute('aria-activedescendant', options[at].id);
      options[at].scrollIntoView({block: 'nearest'});
    } else {
      picker.input.removeAttribute('aria-activedescendant');
    }
  }

  function pick(name) {
    open(false);
    if (name && name !== chosen.series) choose(name, null);
    else picker.input.value = chosen.series ?? '';
  }

  picker.input.addEventListener('focus', () => picker.input.select());
  picker.input.addEventListener('click', () => picker.box.hidden && offer(''));
  picker.input.addEventListener('input', () => {
    clearTimeout(picker.timer);
    picker.timer = setTimeout(() => offer(picker.input.value.trim()), TYPING_MILLIS);
  });
  picker.input.addEventListener('blur', () => {
    open(false);
    picker.input.value = chosen.series ?? '';
  });
  picker.input.addEventListener('keydown', (event) => {
    const options = picker.list.children;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (picker.box.hidden) {
        offer('');
      } else if (options.length > 0) {
        const step = event.key === 'ArrowDown' ? 1 : -1;
        point((picker.at + step + options.length) % options.length);
      }
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(!picker.box.hidden && picker.at >= 0 ? options[picker.at].textContent : picker.input.value.trim());
    } else if (event.key === 'Escape') {
      pick(null);
    }
  });
  // Before the input loses the focus.
  picker.list.addEventListener('mousedown', (event) => {
    event.preventDefault();
    const option = event.target.closest('[role="option"]');
    if (option) pick(option.textContent);
  });

  // ---- the rest of what can be pressed

  $('target').addEventListener('change', () => choose(chosen.series, $('target').value));
  $('members').addEventListener('change', () => {
    chart.setMembersShown($('members').checked);
    showChart();
  });
  $('table-box').addEventListener('toggle', () => showTable(primaries().at(-1) ?? null));
  for (const button of document.querySelectorAll('[data-range]')) {
    button.addEventListener('click', () => {
      for (const one of document.querySelectorAll('[data-range]')) one.setAttribute('aria-pressed', String(one === button));
      chart.setRange(button.dataset.range);
    });
  }
  $('zone').addEventListener('change', () => {
    try {
      localStorage.setItem('zone', $('zone').value);
    } catch {
      // Nothing is remembered where the browser does not want that.
    }
    setZone($('zone').value);
    show(true);
  });
  if (chosen.series) $('pick').value = chosen.series;
  document.addEventListener('visibilitychange', () => listen(mark));
  take(JSON.parse($('first').textContent));
  listen($('first').dataset.mark);
})();
