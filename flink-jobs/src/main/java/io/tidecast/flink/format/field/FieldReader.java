package io.tidecast.flink.format.field;

import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.schemas.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Takes fields out of one record after the other. One thread uses it. */
public final class FieldReader {

  private final RecordTree tree;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  // Before the first record, as of one that has nothing.
  private SourceRecord source = new SourceRecord("", 0, 0, -1, null, null);
  private Headers headers = new RecordHeaders();
  private Object root = RecordTree.NO_PARENT;

  public FieldReader(RecordTree tree) {
    this.tree = tree;
  }

  /**
   * Goes on to the next record.
   *
   * @throws RefusedException if its value cannot be read
   */
  public void next(SourceRecord next, Headers itsHeaders) throws RefusedException {
    source = next;
    headers = itsHeaders;
    if (next.value() == null || next.value().length == 0) {
      throw new RefusedException(ErrorCode.MALFORMED, "value must not be empty");
    }
    root = tree.decode(tree.unframed(next.value(), itsHeaders));
  }

  /**
   * Returns a field of the record.
   *
   * @return a {@link Number}, {@link String} or {@link Boolean}, something else with parts, or null
   *     when it is absent or null
   * @throws RefusedException if the record has no place for such a field, or it is no text
   */
  public @Nullable Object field(FieldPath path) throws RefusedException {
    return switch (path.place()) {
      case VALUE -> inValue(path);
      case KEY -> text(path, source.key());
      case HEADER -> {
        Header header = headers.lastHeader(path.headerName());
        yield header == null ? null : text(path, header.value());
      }
      case TIMESTAMP -> source.timestampMillis() < 0 ? null : (Object) source.timestampMillis();
      case TOPIC -> source.topic();
      case FILE -> fileName(source.topic());
    };
  }

  private @Nullable Object inValue(FieldPath path) throws RefusedException {
    List<Step> steps = path.steps();
    Object node = root;
    for (int i = 0; i < steps.size(); i++) {
      node = tree.child(node, steps.get(i));
      if (node == null) {
        return null;
      }
      if (node == RecordTree.NO_PARENT) {
        throw new RefusedException(
            ErrorCode.INVALID_FIELD,
            "%s must be in %s: %s"
                .formatted(
                    steps.get(i), steps.get(i).name() == null ? "an array" : "an object", path));
      }
    }
    return tree.scalar(node);
  }

  /** Returns the name of a file without folder and ending. */
  private static String fileName(String path) {
    String name = String.valueOf(Path.of(path).getFileName());
    return name.endsWith(FieldPath.FILE_SUFFIX)
        ? name.substring(0, name.length() - FieldPath.FILE_SUFFIX.length())
        : name;
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
