package io.tidecast.postgres.rows;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table of the schema: its columns, what names a row, and what happens to a row that is there
 * already. Whatever order records come in, and however often, the rows are the same in the end.
 */
public enum Table {
  SERIES(2, "series, target"),
  OBSERVATIONS(3, "series, target, time, value, corrected"),
  FORECASTS(
      6,
      "series, target, time, origin, role, contestant, lead, model_id, model_version, revision, issued_at, filled_cells, fallback, weight, value, lower, upper, quantile_levels, quantiles"),
  SCORES(
      8,
      "series, target, time, model_id, model_version, role, first_lead, last_lead, weight, count, mae, mse, mase, rmsse, smape, bias, naive_count, naive_mae, naive_mse, pinball, crps, coverage, width, recent_count, recent_mae, recent_mse, recent_mase, recent_rmsse, recent_smape, recent_bias, recent_naive_count, recent_naive_mae, recent_naive_mse, recent_pinball, recent_crps, recent_coverage, recent_width"),
  ANOMALIES(
      4,
      "series, target, time, kind, direction, value, expected, lower, upper, level, score, outside, among, since, level_before, level_after, origin, lead, model_id, model_version, withdrawn"),
  EVENTS(
      2,
      "time, id, kind, slot, command_id, path, model_id, model_version, sha256, from_origin, stage, reason, subtask, parallelism, event"),
  MODELS(2, "model_id, model_version, first_seen, state, state_since, slot, path, sha256");

  private final int keys;

  @SuppressWarnings("ImmutableEnumChecker") // It is one that nobody can change.
  private final List<String> columns;

  Table(int keys, String columns) {
    this.keys = keys;
    this.columns = List.of(columns.split(", "));
  }

  /** Its name in the schema. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public List<String> columns() {
    return columns;
  }

  /** What names a row: the values of the columns of the primary key, which come first. */
  public List<@Nullable Object> key(@Nullable Object[] row) {
    return Arrays.asList(row).subList(0, keys);
  }

  /** The place of a column in a row. */
  private int at(String column) {
    return columns.indexOf(column);
  }

  /** Makes, once a connection, what rows are copied into before they go into the table. */
  public String newRows() {
    return "create temporary table if not exists new_%1$s (like tidecast.%1$s) on commit delete rows"
        .formatted(id());
  }

  /** Copies rows there. */
  public String copy() {
    return "copy pg_temp.new_%s (%s) from stdin".formatted(id(), String.join(", ", columns));
  }

  /** Puts the new rows into the table. In one order, so that two writers wait for each other. */
  public String merge() {
    String all = String.join(", ", columns);
    String key = String.join(", ", columns.subList(0, keys));
    return "insert into tidecast.%1$s as old (%2$s) select %2$s from pg_temp.new_%1$s order by %3$s on conflict (%3$s) %4$s"
        .formatted(id(), all, key, onConflict());
  }

  private String onConflict() {
    return switch (this) {
      case SERIES, EVENTS -> "do nothing";
      case OBSERVATIONS ->
          "do update set %s where (excluded.corrected or not old.corrected) and %s"
              .formatted(assignments(), isAnother());
      case FORECASTS ->
          "do update set %s where (excluded.revision, excluded.issued_at) > (old.revision, old.issued_at)"
              .formatted(assignments());
      case SCORES, ANOMALIES -> "do update set %s where %s".formatted(assignments(), isAnother());
      case MODELS -> mergedModel();
    };
  }

  private String assignments() {
    return columns.subList(keys, columns.size()).stream()
        .map(column -> "%1$s = excluded.%1$s".formatted(column))
        .collect(Collectors.joining(", "));
  }

  private String isAnother() {
    List<String> values = columns.subList(keys, columns.size());
    return "(%s) is distinct from (%s)"
        .formatted(
            values.stream().map(column -> "old." + column).collect(Collectors.joining(", ")),
            values.stream().map(column -> "excluded." + column).collect(Collectors.joining(", ")));
  }

  /** The first time that it was seen, and the newest state that is known. */
  private static String mergedModel() {
    String newer =
        "excluded.state_since is not null and (old.state_since is null or excluded.state_since >= old.state_since)";
    String state =
        List.of("state", "state_since", "slot", "path", "sha256").stream()
            .map(
                column ->
                    "%1$s = case when %2$s then coalesce(excluded.%1$s, old.%1$s) else old.%1$s end"
                        .formatted(column, newer))
            .collect(Collectors.joining(", "));
    return "do update set first_seen = least(old.first_seen, excluded.first_seen), %s where excluded.first_seen < old.first_seen or (%s)"
        .formatted(state, newer);
  }

  /**
   * Which of two rows of one key is kept, as {@link #merge} would have it.
   *
   * @param earlier that came first
   */
  public @Nullable Object[] merged(@Nullable Object[] earlier, @Nullable Object[] later) {
    return switch (this) {
      case SERIES, EVENTS -> earlier;
      case SCORES, ANOMALIES -> later;
      case OBSERVATIONS -> {
        int corrected = at("corrected");
        yield Boolean.TRUE.equals(earlier[corrected]) && !Boolean.TRUE.equals(later[corrected])
            ? earlier
            : later;
      }
      case FORECASTS -> {
        int revision = compare(earlier, later, at("revision"));
        int order = revision == 0 ? compare(earlier, later, at("issued_at")) : revision;
        yield order < 0 ? later : earlier;
      }
      case MODELS -> mergedModel(earlier, later);
    };
  }

  private @Nullable Object[] mergedModel(@Nullable Object[] earlier, @Nullable Object[] later) {
    int since = at("state_since");
    boolean newer =
        later[since] != null && (earlier[since] == null || compare(earlier, later, since) <= 0);
    @Nullable Object[] merged = earlier.clone();
    for (int i = at("state"); newer && i < merged.length; i++) {
      merged[i] = later[i] == null ? merged[i] : later[i];
    }
    int seen = at("first_seen");
    merged[seen] = compare(earlier, later, seen) <= 0 ? earlier[seen] : later[seen];
    return merged;
  }

  @SuppressWarnings("unchecked") // Columns of one name have one type, which is one of ours.
  private static int compare(@Nullable Object[] a, @Nullable Object[] b, int column) {
    return ((Comparable<Object>) requireNonNull(a[column])).compareTo(requireNonNull(b[column]));
  }
}
