package io.tidecast.flink.format.field;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree.Child;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.schemas.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Takes fields out of one record after the other. In a record of several observations it stands at
 * one element, with the elements around it. One thread uses it.
 */
public final class FieldReader {

  private final RecordTree tree;
  private final RecordTree keyTree;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  // Before the first record, as of one that has nothing.
  private SourceRecord source = new SourceRecord("", 0, 0, -1, null, null);
  private Headers headers = new RecordHeaders();

  /** Holds the root, and below it the element of each level that was gone into. */
  private final @Nullable Object[] nodes;

  /** Holds the name or index of each of those elements; nothing of the root. */
  private final Object[] keys;

  private final Each.Way[] ways;

  /** Is the level of the elements that are observations. */
  private final int depth;

  private int level;

  /** Is the one of its choices that led to the field that was read last. */
  private @Nullable FieldPath choice;

  /** Is null until a field of the key is asked for. */
  private @Nullable Object keyRoot;

  /**
   * For records that have one observation each, and keys that nobody asks for.
   *
   * @param tree that knows the format of the values; not shared
   */
  public FieldReader(RecordTree tree) {
    this(tree, tree, 0);
  }

  /**
   * @param tree that knows the format of the values; not shared
   * @param keyTree that knows the format of the keys; not shared
   * @param levels how far down in a record its observations are; 0 where the record is one
   */
  public FieldReader(RecordTree tree, RecordTree keyTree, int levels) {
    this.tree = tree;
    this.keyTree = keyTree;
    this.depth = levels;
    this.nodes = new Object[levels + 1];
    this.keys = new Object[levels + 1];
    this.ways = new Each.Way[levels + 1];
    nodes[0] = RecordTree.NO_PARENT;
  }

  /**
   * Goes on to the next record, which has one root.
   *
   * @throws RefusedException if its value cannot be read
   */
  public void next(SourceRecord next, Headers itsHeaders) throws RefusedException {
    root(tree.decode(begin(next, itsHeaders)));
  }

  /**
   * Goes on to the next record, and hands on the roots that are in its value. Fields are read once
   * one of them was {@link #root gone into}.
   *
   * @throws RefusedException if the value cannot be read
   */
  public void next(SourceRecord next, Headers itsHeaders, RecordTree.Roots roots)
      throws RefusedException {
    tree.decode(begin(next, itsHeaders), roots);
  }

  private byte[] begin(SourceRecord next, Headers itsHeaders) throws RefusedException {
    source = next;
    headers = itsHeaders;
    keyRoot = null;
    byte[] value = next.value();
    if (value == null || value.length == 0) {
      throw new RefusedException(ErrorCode.MALFORMED, "value must not be empty");
    }
    return tree.unframed(value, itsHeaders);
  }

  /** Goes to a root of the record. */
  public void root(Object root) {
    nodes[0] = root;
    level = 0;
  }

  /**
   * Goes down to an element of what was found below the one before.
   *
   * @param way that it was found on
   */
  public void enter(Child element, Each.Way way) {
    level++;
    nodes[level] = element.node();
    keys[level] = element.key();
    ways[level] = way;
  }

  /** Goes back to the element around. */
  public void leave() {
    level--;
  }

  /**
   * Returns what is below an array or a map, which is found on a way from the present element. It
   * is null where nothing is there.
   *
   * @throws RefusedException if it is neither an array nor a map
   */
  public @Nullable Iterator<Child> children(Each.Way way) throws RefusedException {
    Object node = down(nodes[level], way.steps(), way);
    if (node == null) {
      return null;
    }
    Iterator<Child> children = tree.children(node);
    if (children == null) {
      throw RefusedException.field(
          way.steps().isEmpty() ? "the value" : way.toString(),
          "an array or a map to go over",
          tree.scalar(node));
    }
    return children;
  }

  /** Returns where the present element is, such as {@code metrics[3]}; empty at the root. */
  public String position() {
    StringBuilder position = new StringBuilder();
    for (int i = 1; i <= level; i++) {
      String way = String.valueOf(ways[i]);
      position.append(position.isEmpty() || way.isEmpty() ? "" : ".").append(way);
      if (keys[i] instanceof Integer) {
        position.append('[').append(keys[i]).append(']');
      } else {
        position.append(position.isEmpty() ? "" : ".").append(keys[i]);
      }
    }
    return position.toString();
  }

  /**
   * Returns the number of elements of the array that a path leads to; -1 if it leads to none.
   *
   * @param steps of the path that lead to the array
   */
  public int length(FieldPath path, int steps) throws RefusedException {
    Object node = from(path);
    for (int i = 0; i < steps && node != null && node != RecordTree.NO_PARENT; i++) {
      node = child(node, path.steps().get(i), path);
    }
    return node == null || node == RecordTree.NO_PARENT ? -1 : tree.length(node);
  }

  /**
   * Returns a field of the record. What a path says of elements is of the innermost ones: it must
   * not begin below the present one.
   *
   * @return a {@link Number}, {@link String} or {@link Boolean}, something else with parts, or null
   *     when it is absent or null
   * @throws RefusedException if the record has no place for such a field, or it is no text
   */
  public @Nullable Object field(FieldPath path) throws RefusedException {
    choice = path;
    if (path.others().isEmpty()) {
      return one(path);
    }
    RefusedException refused = null;
    for (FieldPath next : path.choices()) {
      try {
        Object found = one(next);
        if (found != null) {
          choice = next;
          return found;
        }
      } catch (RefusedException e) {
        // It has no place there; another choice may have. What cannot be read is told before that.
        refused = refused == null || refused.isOfNoPlace() ? e : refused;
      }
    }
    if (refused != null) {
      throw refused;
    }
    return null;
  }

  /**
   * Returns which of the choices of a path led to the field that was read last: the first where
   * none did, or there are no others.
   */
  FieldPath choice() {
    return requireNonNull(choice, "choice is null");
  }

  /** Returns the tree that has the field that was read last. */
  RecordTree tree() {
    return choice().place() == FieldPath.Place.KEY ? keyTree : tree;
  }

  /** Returns the root of that tree. */
  Object root() {
    boolean ofKey = choice().place() == FieldPath.Place.KEY;
    return requireNonNull(ofKey ? keyRoot : nodes[0], "root is null");
  }

  /** Whether the field that was read last is Kafka's timestamp. */
  public boolean isOfTimestamp() {
    return choice().place() == FieldPath.Place.TIMESTAMP;
  }

  private @Nullable Object one(FieldPath path) throws RefusedException {
    return switch (path.place()) {
      case VALUE -> inValue(path);
      case KEY -> inKey(path);
      case HEADER -> {
        Header header = headers.lastHeader(path.headerName());
        yield header == null ? null : text(path, header.value());
      }
      case TIMESTAMP -> source.timestampMillis() < 0 ? null : (Object) source.timestampMillis();
      case TOPIC -> source.topic();
      case FILE -> CsvNames.withoutEnding(Path.of(source.topic()));
      case ELEMENT_KEY -> requireNonNull(keys[depth - path.levelsUp()], "no element");
    };
  }

  private @Nullable Object inValue(FieldPath path) throws RefusedException {
    Object node = down(from(path), tree.steps(path), path);
    return node == null ? null : tree.scalar(node);
  }

  /** Names the schema that the key was written with; null where nothing does, or nobody asked. */
  public @Nullable String keySchemaName() {
    return keyRoot == null ? null : keyTree.schemaName();
  }

  /** Whether a path that begins at an element would lead to something in the record itself. */
  public boolean isInRecord(FieldPath path) {
    if (depth == 0 || path.place() != FieldPath.Place.VALUE || path.levelsUp() != 0) {
      return false;
    }
    try {
      Object node = nodes[0];
      for (Step step : path.steps()) {
        node = node == null || node == RecordTree.NO_PARENT ? null : child(node, step, path);
      }
      return node != null && node != RecordTree.NO_PARENT && !path.steps().isEmpty();
    } catch (RefusedException e) {
      return false;
    }
  }

  private @Nullable Object inKey(FieldPath path) throws RefusedException {
    byte[] key = source.key();
    try {
      return key == null ? null : inKey(path, key);
    } catch (RefusedException e) {
      boolean ofSchema =
          e.code == ErrorCode.UNKNOWN_SCHEMA || e.code == ErrorCode.INCOMPATIBLE_SCHEMA;
      throw ofSchema ? e.with(" (%s)".formatted(path)) : e;
    }
  }

  private @Nullable Object inKey(FieldPath path, byte[] key) throws RefusedException {
    if (keyRoot == null) {
      keyRoot = keyTree.decode(keyTree.unframed(key, headers));
    }
    Object node = keyRoot;
    for (Step step : path.steps()) {
      node = keyTree.child(node, step);
      if (node == null) {
        return null;
      }
      if (node == RecordTree.NO_PARENT) {
        throw noParent(step, path);
      }
    }
    return keyTree.scalar(node);
  }

  private @Nullable Object from(FieldPath path) {
    return nodes[path.levelsUp() == FieldPath.WHOLE ? 0 : depth - path.levelsUp()];
  }

  /**
   * @param path for messages
   */
  private @Nullable Object down(@Nullable Object from, List<Step> steps, Object path)
      throws RefusedException {
    Object node = from;
    for (int i = 0; i < steps.size() && node != null; i++) {
      node = child(node, steps.get(i), path);
      if (node == RecordTree.NO_PARENT) {
        RefusedException refused = noParent(steps.get(i), path);
        throw path instanceof FieldPath field && isInRecord(field)
            ? refused.with("; the record itself has it, as $.%s".formatted(path))
            : refused;
      }
    }
    return node;
  }

  private @Nullable Object child(Object node, Step step, Object path) throws RefusedException {
    return step.equal() == null ? tree.child(node, step) : selected(node, step, path);
  }

  /** Returns the one element whose field is equal to a text. */
  private @Nullable Object selected(Object node, Step step, Object path) throws RefusedException {
    if (tree.length(node) < 0) {
      return RecordTree.NO_PARENT;
    }
    Step field = Step.field(requireNonNull(step.name(), "name is null"));
    Object selected = null;
    Iterator<Child> children = requireNonNull(tree.children(node), "children is null");
    while (children.hasNext()) {
      Object element = children.next().node();
      Object name = element == null ? null : tree.child(element, field);
      if (name == null
          || name == RecordTree.NO_PARENT
          || !tree.scalar(name).toString().equals(step.equal())) {
        continue;
      }
      if (selected != null) {
        throw new RefusedException(
            ErrorCode.INVALID_FIELD,
            "%s must pick one element, and there are several of that name: %s"
                .formatted(step, path));
      }
      selected = element;
    }
    return selected;
  }

  private static RefusedException noParent(Step step, Object path) {
    return RefusedException.noPlace(
        "%s must be in %s: %s".formatted(step, step.ofArray() ? "an array" : "an object", path));
  }

  private @Nullable String text(FieldPath path, byte @Nullable [] bytes) throws RefusedException {
    if (bytes == null) {
      return null;
    }
    try {
      return utf8.decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new RefusedException(
          ErrorCode.INVALID_FIELD, "bytes must be UTF-8 text: %s".formatted(path));
    }
  }
}
