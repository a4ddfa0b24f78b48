-- The schema as the module of PostgreSQL makes it.
-- What Tidecast keeps in PostgreSQL: version 1 of the schema, as Flyway creates it. Times are instants, values are in the
-- units of the series. A column that has no value is null; there is no NaN.

-- Which series and targets there are: what a picker lists, without reading the large tables.
create table tidecast.series (
    series text not null,
    target text not null,
    primary key (series, target)
);

-- Closed cells: what the forecasts are held against. Written from cells.topic.
create table tidecast.observations (
    series    text not null,
    target    text not null,
    time      timestamptz not null,
    value     double precision,            -- null: nothing was observed in the cell
    corrected boolean not null,            -- a late observation changed the value after the cell had closed
    primary key (series, target, time)
);

-- A row per point of a forecast. Of an origin there is one primary forecast (contestant is empty), the one with the greatest
-- revision, and one of each shadow and member (contestant is model_id@model_version).
create table tidecast.forecasts (
    series          text not null,
    target          text not null,
    time            timestamptz not null,  -- that the value is expected for
    origin          timestamptz not null,  -- of the last cell that the model saw
    role            text not null,         -- primary, shadow, member
    contestant      text not null,         -- '' for the primary, else model_id@model_version
    lead            integer not null,      -- steps after the origin, from 1
    model_id        text not null,
    model_version   text not null,
    revision        integer not null,
    issued_at       timestamptz not null,
    filled_cells    integer not null,
    fallback        boolean not null,      -- the baseline answered in place of the model
    weight          double precision,      -- share in the mixture, 0 to 1; null where there is none
    value           double precision not null,
    lower           double precision,      -- the outermost quantiles; null with fewer than two
    upper           double precision,
    quantile_levels double precision[] not null, -- ascending; empty for a model of points
    quantiles       double precision[] not null, -- as many
    primary key (series, target, time, origin, role, contestant)
);
-- The newest forecast of a series; earlier origins.
create index forecasts_origin on tidecast.forecasts (series, target, role, origin desc, time);

-- How good forecasts have been: figures without a prefix are over a sliding window, recent_ ones weigh each error less the
-- older it is. first_lead to last_lead is the band of lead times.
create table tidecast.scores (
    series             text not null,
    target             text not null,
    time               timestamptz not null, -- of the newest cell that was scored
    model_id           text not null,
    model_version      text not null,
    role               text not null,        -- primary, shadow, member
    first_lead         integer not null,
    last_lead          integer not null,
    weight             double precision,     -- share in the mixture; null where there is none
    count              bigint not null,
    mae                double precision not null,
    mse                double precision not null,
    mase               double precision,
    rmsse              double precision,
    smape              double precision not null,
    bias               double precision not null,
    naive_count        bigint not null,
    naive_mae          double precision,
    naive_mse          double precision,
    pinball            double precision,
    crps               double precision not null,
    coverage           double precision,
    width              double precision,
    recent_count       double precision not null,
    recent_mae         double precision not null,
    recent_mse         double precision not null,
    recent_mase        double precision,
    recent_rmsse       double precision,
    recent_smape       double precision not null,
    recent_bias        double precision not null,
    recent_naive_count double precision not null,
    recent_naive_mae   double precision,
    recent_naive_mse   double precision,
    recent_pinball     double precision,
    recent_crps        double precision not null,
    recent_coverage    double precision,
    recent_width       double precision,
    primary key (series, target, time, model_id, model_version, role, first_lead, last_lead)
);

-- What the series was not expected to do: a row per record of anomalies.topic.
create table tidecast.anomalies (
    series        text not null,
    target        text not null,
    time          timestamptz not null,
    kind          text not null,           -- anomaly, level-shift
    direction     text not null,           -- above, below
    value         double precision not null,
    expected      double precision not null,
    lower         double precision not null,
    upper         double precision not null,
    level         double precision not null, -- of the interval, such as 0.99
    score         double precision not null, -- how far out; 1 is the threshold
    outside       integer not null,        -- how many of the newest values lay outside
    among         integer not null,        -- of how many
    since         timestamptz not null,    -- where the run or the shift began
    level_before  double precision,        -- of a level shift
    level_after   double precision,
    origin        timestamptz not null,    -- of the forecast that expected something else
    lead          integer not null,
    model_id      text not null,
    model_version text not null,
    withdrawn     boolean not null,        -- a late correction took it back: leave such rows out
    primary key (series, target, time, kind)
);
create index anomalies_newest on tidecast.anomalies (time desc);

-- What happened to models: a row per record of commands.events-topic.
create table tidecast.events (
    time          timestamptz not null,
    id            uuid not null,           -- made of the whole event, so that one read twice is one row
    kind          text not null,           -- ready, switched, shadowed, retired, failed, refused, ...
    slot          text,
    command_id    text,
    path          text,
    model_id      text,
    model_version text,
    sha256        text,
    from_origin   timestamptz,
    stage         text,
    reason        text,
    subtask       integer,                 -- null where it is of no subtask
    parallelism   integer,
    event         jsonb not null,          -- the whole event, with fields that have no column
    primary key (time, id)
);
create index events_model on tidecast.events (model_id, model_version, time desc);

-- Which models there are: those that have forecast, those that have been scored and those that events name.
create table tidecast.models (
    model_id      text not null,
    model_version text not null,
    first_seen    timestamptz not null,    -- issued_at of a forecast, or time of a score or event
    state         text,                    -- kind of its newest event with a state: ready, switched, shadowed, retired, failed
    state_since   timestamptz,
    slot          text,
    path          text,
    sha256        text,
    primary key (model_id, model_version)
);

-- How far the topics have been read: moves in the transaction that writes the rows.
create table tidecast.offsets (
    consumer_group text not null,
    topic          text not null,
    partition      integer not null,
    topic_id       text not null,          -- a topic that was made anew is another one
    next_offset    bigint not null,
    written_at     timestamptz not null,
    primary key (consumer_group, topic, partition)
);

-- Retention looks for the oldest rows; these indexes take next to no room.
create index observations_time on tidecast.observations using brin (time);
create index forecasts_time on tidecast.forecasts using brin (time);
create index scores_time on tidecast.scores using brin (time);

-- The value at a level, in a straight line between the two nearest quantiles; null outside the outermost.
-- Example: tidecast.quantile(quantile_levels, quantiles, 0.9)
create function tidecast.quantile(levels double precision[], quantiles double precision[], level double precision)
    returns double precision language sql immutable strict parallel safe as $$
    select case when b.level = a.level then a.value
                else a.value + (b.value - a.value) * ($3 - a.level) / (b.level - a.level) end
    from (select l.level, l.value from unnest($1, $2) as l(level, value) where l.level <= $3 order by l.level desc limit 1) a,
         (select l.level, l.value from unnest($1, $2) as l(level, value) where l.level >= $3 order by l.level limit 1) b
$$;

-- A row per quantile: what a table or a heat map wants.
create view tidecast.forecast_quantiles as
    select f.series, f.target, f.time, f.origin, f.lead, f.role, f.model_id, f.model_version, q.level, q.value
    from tidecast.forecasts f cross join lateral unnest(f.quantile_levels, f.quantiles) as q(level, value);

-- The newest primary forecast of each series and target. Give it a series: where series = '...'.
create view tidecast.newest_forecasts as
    select f.*
    from tidecast.series s
    cross join lateral (select n.origin from tidecast.forecasts n
                        where n.series = s.series and n.target = s.target and n.role = 'primary'
                        order by n.origin desc limit 1) newest
    join tidecast.forecasts f
      on f.series = s.series and f.target = s.target and f.role = 'primary' and f.origin = newest.origin;

-- Actual values beside what was expected of them, at every lead, and whether they broke the interval.
create view tidecast.outcomes as
    select f.series, f.target, f.time, f.origin, f.lead, f.role, f.model_id, f.model_version, f.fallback, f.weight,
           f.value as expected, f.lower, f.upper, f.quantile_levels, f.quantiles, o.value as actual, o.corrected,
           o.value - f.value as error,
           coalesce(o.value < f.lower or o.value > f.upper, false) as breach
    from tidecast.forecasts f
    join tidecast.observations o on o.series = f.series and o.target = f.target and o.time = f.time
    where o.value is not null;

-- Actual values outside the outermost quantiles of the forecast that the series was given: choose a lead.
create view tidecast.breaches as
    select * from tidecast.outcomes where breach and role = 'primary';
