package io.tidecast.flink.format;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.field.Condition;
import io.tidecast.flink.format.field.DecimalReader;
import io.tidecast.flink.format.field.Each;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.FieldReader;
import io.tidecast.flink.format.field.KeyFormat;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.Mapping.Named;
import io.tidecast.flink.format.field.Mapping.Wide;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RecordTree.Child;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.field.ValueReader;
import io.tidecast.flink.format.key.KeyTrees;
import io.tidecast.flink.format.time.TimeReader;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.PassedOver;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.runtime.time.SeriesOrder;
import io.tidecast.schemas.ErrorCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of other formats as a mapping says: each as one observation, or each of the
 * elements that the mapping goes over. One thread uses it.
 */
public final class MappedReader implements ObservationReader {

  /** Up to here a double is one whole number. */
  private static final double MAX_EXACT = 0x1p53 - 1;

  /** More digits would be no name, and could fill the memory. */
  private static final int MAX_DIGITS = 1_000;

  private final Mapping mapping;
  private final RecordTree tree;
  private final FieldReader fields;
  private final TimeReader time;
  private final ValueReader value;
  private final DecimalReader decimals;
  private final Deletions deletions;
  private final UnreadElements unread;
  private final Map<String, Integer> channels = new HashMap<>();

  /** Has the conditions that can be decided at each level, from the record as a whole down. */
  private final List<List<Condition>> conditions = new ArrayList<>();

  private final Roots roots = new Roots();

  /** Is the record that is being read. */
  private SourceRecord source = new SourceRecord("", 0, 0, -1, null, null);

  private @Nullable Readings out;

  /**
   * @param tree that knows the format of the records; not shared
   */
  public MappedReader(Mapping mapping, RecordTree tree) {
    this(mapping, tree, null);
  }

  /**
   * @param tree that knows the format of the records; not shared
   * @param registry that has the schemas of keys; null where they need none
   */
  public MappedReader(Mapping mapping, RecordTree tree, @Nullable SchemaRegistry registry) {
    this.mapping = mapping;
    this.tree = tree;
    int depth = mapping.each().depth();
    RecordTree values = EncodedTree.of(tree, mapping.encodings().value());
    KeyFormat key = mapping.encodings().key();
    String keyType = mapping.keys().keyType();
    RecordTree keys = key == null ? KeyTrees.of(null, keyType) : key.tree(registry, keyType);
    this.fields = new FieldReader(values, keys, depth);
    this.time = new TimeReader(mapping.time());
    this.value = new ValueReader(mapping);
    this.decimals =
        new DecimalReader(
            fields,
            mapping.encodings().decimalScale(),
            mapping.keys().of("decimal-scale"),
            mapping.spelling().missing());
    this.deletions = new Deletions(mapping, fields);
    this.unread = new UnreadElements(mapping, fields);
    for (int level = 0; level <= depth; level++) {
      int present = level;
      conditions.add(mapping.where().stream().filter(one -> level(one, depth) == present).toList());
    }
    if (mapping.values() instanceof Named named) {
      for (String name : named.channelNames()) {
        channels.put(name, channels.size());
      }
    }
  }

  /** Returns how far down a condition can be decided: where the last of its choices begins. */
  private static int level(Condition condition, int depth) {
    return condition.path().choices().stream()
        .mapToInt(path -> path.levelsUp() == FieldPath.WHOLE ? 0 : depth - path.levelsUp())
        .max()
        .orElse(depth);
  }

  @Override
  public @Nullable String schemaName() {
    return tree.schemaName();
  }

  @Override
  public @Nullable String keySchemaName() {
    return fields.keySchemaName();
  }

  @Override
  public void read(SourceRecord next, Headers headers, Readings taker) throws RefusedException {
    source = next;
    out = taker;
    fields.next(next, headers, roots);
  }

  /** Returns what is known of the order of times, to be kept and restored. */
  public SeriesOrder order() {
    return time.order();
  }

  /** Reads what is in each root of a record. */
  private final class Roots implements RecordTree.Roots {

    private String where = "";

    @Override
    public void root(Object next, String itsPlace) {
      where = itsPlace;
      fields.root(next);
      below(0, out());
    }

    @Override
    public void refused(RefusedException why) {
      out().refused(why);
    }
  }

  private Readings out() {
    return requireNonNull(out, "out is null");
  }

  /** Reads the present element, or those below it. */
  private void below(int level, Readings taker) {
    try {
      if (!isAskedFor(level)) {
        taker.passedOver(PassedOver.Reason.NOT_ASKED_FOR, 1);
        return;
      }
    } catch (RefusedException e) {
      taker.refused(placed(e));
      return;
    }
    if (level == mapping.each().depth()) {
      one(taker);
      return;
    }
    boolean any = false;
    for (Each.Way way : mapping.each().levels().get(level).ways()) {
      Iterator<Child> children;
      try {
        children = fields.children(way);
      } catch (RefusedException e) {
        any = true;
        taker.refused(placed(e));
        continue;
      }
      while (children != null && children.hasNext()) {
        any = true;
        fields.enter(children.next(), way);
        below(level + 1, taker);
        fields.leave();
      }
    }
    if (!any) {
      taker.passedOver(
          deletions.isDeletion(level) ? PassedOver.Reason.DELETED : PassedOver.Reason.NO_ELEMENTS,
          1);
    }
  }

  /**
   * Whether all conditions hold that can be decided at a level.
   *
   * @throws RefusedException if a field cannot be read that decides it, for no condition that can
   *     be read fails
   */
  private boolean isAskedFor(int level) throws RefusedException {
    List<Condition> here = conditions.get(level);
    RefusedException unreadable = null;
    for (int i = 0; i < here.size(); i++) {
      Condition condition = here.get(i);
      Object found;
      try {
        found = fields.field(condition.path());
      } catch (RefusedException e) {
        if (!e.isOfNoPlace()) {
          unreadable = unreadable == null ? e : unreadable;
          continue;
        }
        found = null;
      }
      if (!condition.test().holds(found)) {
        return false;
      }
    }
    if (unreadable != null) {
      throw unreadable;
    }
    return true;
  }

  private void one(Readings taker) {
    Measurement measurement;
    try {
      measurement = measurement();
    } catch (RefusedException e) {
      if (e.code == ErrorCode.MISSING_FIELD && deletions.isDeletion(mapping.each().depth())) {
        taker.passedOver(PassedOver.Reason.DELETED, 1);
      } else {
        taker.refused(placed(e));
      }
      return;
    }
    taker.found(measurement);
    unread.tell(taker);
  }

  /** Says where in the record it is, if there are several observations. */
  private RefusedException placed(RefusedException refused) {
    String position = fields.position();
    String place =
        roots.where.isEmpty() || position.isEmpty()
            ? roots.where + position
            : roots.where + ", " + position;
    return place.isEmpty() ? refused : refused.with(" (%s)".formatted(place));
  }

  private Measurement measurement() throws RefusedException {
    String series = null;
    Long timeMillis = null;
    try {
      series = series();
      timeMillis = timeMillis(series);
      FieldPath group = mapping.series().group();
      return new Measurement(
          source.origin(), series, group == null ? null : name(group), timeMillis, values());
    } catch (RefusedException e) {
      throw e.about(series, series == null ? timeIfReadable() : timeMillis);
    }
  }

  /** Returns the time of what has no series, for its dead letter. */
  private @Nullable Long timeIfReadable() {
    if (time.isOrdered()) {
      // It would be taken for the time before, of what comes next.
      return null;
    }
    try {
      return timeMillis("");
    } catch (RefusedException e) {
      return null;
    }
  }

  private long timeMillis(String series) throws RefusedException {
    List<FieldPath> paths = mapping.time().paths();
    Object found = required(paths.get(0));
    // Kafka's timestamp in the place of a time that is not there is not of the same unit.
    if (paths.get(0).hasChoices() && fields.isOfTimestamp() && found instanceof Long millis) {
      return millis;
    }
    return time.millis(paths.size() == 1 ? found : joined(paths), ordered(series));
  }

  private String joined(List<FieldPath> paths) throws RefusedException {
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < paths.size(); i++) {
      joined.append(i == 0 ? "" : " ").append(name(paths.get(i)));
    }
    return joined.toString();
  }

  /** Returns whose times follow each other: those of a series, or of one channel of it. */
  private String ordered(String series) throws RefusedException {
    return time.isOrdered() && mapping.values() instanceof Named named
        ? series + '\n' + name(named.name())
        : series;
  }

  private String series() throws RefusedException {
    List<FieldPath> paths = mapping.series().paths();
    if (paths.size() == 1) {
      return name(paths.get(0));
    }
    StringBuilder series = new StringBuilder();
    for (int i = 0; i < paths.size(); i++) {
      String part = name(paths.get(i));
      // Or two series could get one name.
      if (part.isBlank() || part.contains(mapping.series().separator())) {
        throw new RefusedException(
            ErrorCode.INVALID_SERIES,
            "part of a name must not be blank nor contain %s=%s: %s"
                .formatted(mapping.keys().separator(), mapping.series().separator(), paths.get(i)));
      }
      series.append(i == 0 ? "" : mapping.series().separator()).append(part);
    }
    return series.toString();
  }

  private double[] values() throws RefusedException {
    if (mapping.values() instanceof Wide wide) {
      double[] values = new double[wide.paths().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = value(wide.paths().get(i));
      }
      return values;
    }
    Named named = (Named) mapping.values();
    String name = name(named.name());
    Integer channel = channels.get(name);
    if (channel == null) {
      throw new RefusedException(
          ErrorCode.UNKNOWN_CHANNEL,
          "channel must be one of %s: %s=%s"
              .formatted(mapping.keys().channelNames(), named.name(), name));
    }
    int each = named.values().size();
    double[] values = new double[channels.size() * each];
    Arrays.fill(values, Double.NaN);
    for (int i = 0; i < each; i++) {
      values[channel * each + i] = value(named.values().get(i));
    }
    return values;
  }

  private double value(FieldPath path) throws RefusedException {
    Object found = fields.field(path);
    if (found != null) {
      found = decimals.number(found);
    }
    try {
      return value.value(found, path);
    } catch (RefusedException e) {
      throw decimals.explained(e, found);
    }
  }

  /** Returns text, or a whole number as text. */
  private String name(FieldPath path) throws RefusedException {
    Object found = decimals.declared(required(path));
    String name = found instanceof Number number ? whole(number) : null;
    if (name != null) {
      return name;
    }
    if (found instanceof String text) {
      return text;
    }
    throw RefusedException.field(path, "text or a whole number", found);
  }

  /**
   * Returns all digits of a number that is whole. It is null for others, for a double too large to
   * be the only number of its spelling, and for a decimal too long for any name.
   */
  private static @Nullable String whole(Number number) {
    if (number instanceof Long || number instanceof Integer || number instanceof BigInteger) {
      return number.toString();
    }
    if (number instanceof BigDecimal decimal) {
      if (decimal.precision() > MAX_DIGITS || Math.abs((long) decimal.scale()) > MAX_DIGITS) {
        return null;
      }
      BigDecimal shortest = decimal.stripTrailingZeros();
      return shortest.scale() <= 0 ? shortest.toBigInteger().toString() : null;
    }
    // Many tools write every number of a column with a point when one is missing.
    double exact = number.doubleValue();
    return Math.rint(exact) == exact && Math.abs(exact) <= MAX_EXACT
        ? Long.toString(number.longValue())
        : null;
  }

  private Object required(FieldPath path) throws RefusedException {
    Object found = fields.field(path);
    if (found == null) {
      RefusedException missing = RefusedException.missing(path);
      throw fields.isInRecord(path)
          ? missing.with("; the record itself has it, as $.%s".formatted(path))
          : missing;
    }
    return found;
  }
}
