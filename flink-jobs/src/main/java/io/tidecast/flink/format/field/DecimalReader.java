package io.tidecast.flink.format.field;

import io.tidecast.flink.format.field.FieldPath.Place;
import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree.Child;
import io.tidecast.runtime.text.DecimalText;
import io.tidecast.runtime.text.MissingWords;
import io.tidecast.schemas.ErrorCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes numbers of the decimals that Kafka Connect writes into JSON: the base64 of the bytes of a
 * whole number, of which some digits are behind the point. How many is what the schema in the
 * record says, or the scale beside the bytes, or the job file. One thread uses it.
 */
public final class DecimalReader {

  private static final String DECIMAL = "org.apache.kafka.connect.data.Decimal";

  /** More digits are no measurement. */
  private static final int MAX_SCALE = 1_000;

  private static final int MAX_CHARS = 1_000;

  private static final Step SCALE = Step.field("scale");
  private static final Step VALUE = Step.field("value");
  private static final Step SCHEMA = Step.field("schema");
  private static final Step FIELDS = Step.field("fields");
  private static final Step FIELD = Step.field("field");
  private static final Step ITEMS = Step.field("items");
  private static final Step NAME = Step.field("name");
  private static final Step PARAMETERS = Step.field("parameters");

  private static final Pattern BASE64 =
      Pattern.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");

  private final FieldReader fields;
  private final @Nullable Integer scale;
  private final String scaleKey;
  private final MissingWords missing;

  /**
   * @param fields that reads what may be a decimal
   * @param scale of all decimals; null where records say so themselves
   * @param scaleKey the setting that has it, for messages
   * @param missing what is no decimal although it may look like one
   */
  public DecimalReader(
      FieldReader fields, @Nullable Integer scale, String scaleKey, MissingWords missing) {
    this.missing = missing;
    this.fields = fields;
    this.scale = scale;
    this.scaleKey = scaleKey;
  }

  /**
   * Returns the number that is meant, or what was found if it is no such decimal.
   *
   * @param found in the field that was read last, not null
   * @throws RefusedException if the schema cannot be read
   */
  public Object number(Object found) throws RefusedException {
    if (found instanceof Number || found instanceof Boolean) {
      return found;
    }
    if (found instanceof String text) {
      Integer ofSchema = ofSchema();
      Integer digits = ofSchema == null ? scale : ofSchema;
      boolean spelt = ofSchema == null && text.indexOf('.') >= 0 && DecimalText.isDecimal(text);
      return digits == null || spelt || missing.contains(text) ? text : decimal(text, digits);
    }
    return ofParts(found);
  }

  /**
   * Returns the number that is meant where the record itself says that it is one, which the job
   * file says of values alone; or what was found.
   *
   * @param found in the field that was read last, not null
   */
  public Object declared(Object found) {
    if (found instanceof Number || found instanceof Boolean) {
      return found;
    }
    try {
      if (found instanceof String text) {
        Integer digits = ofSchema();
        return digits == null ? text : decimal(text, digits);
      }
      Object number = ofParts(found);
      return number instanceof Number ? number : found;
    } catch (RefusedException e) {
      // What cannot be read says nothing.
      return found;
    }
  }

  /** Returns the number of what has its scale beside it. */
  private Object ofParts(Object found) throws RefusedException {
    Object digits = scalar(found, SCALE);
    Object bytes = scalar(found, VALUE);
    return digits instanceof Number number && bytes instanceof String text
        ? decimal(text, number.intValue())
        : found;
  }

  /** Says of a text that is no number, if it looks like such a decimal, what to do. */
  public RefusedException explained(RefusedException refused, @Nullable Object found) {
    if (refused.code != ErrorCode.INVALID_FIELD || !(found instanceof String text)) {
      return refused;
    }
    if (scale != null) {
      return refused.with(
          ", nor is it a decimal of %d digits behind the point in base64 (%s)"
              .formatted(scale, scaleKey));
    }
    return looksEncoded(text)
        ? refused.with(
            ", which looks like a Decimal of Kafka Connect in base64; set %s to its digits behind the point"
                .formatted(scaleKey))
        : refused;
  }

  /** Not every text of four letters, for those may be a word. */
  private static boolean looksEncoded(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_CHARS
        && BASE64.matcher(text).matches()
        && (text.endsWith("=")
            || text.chars().anyMatch(c -> !Character.isLetter(c))
            || text.chars().skip(1).anyMatch(Character::isUpperCase)
                && text.chars().anyMatch(Character::isLowerCase));
  }

  /** Returns the number; the text itself where it is none, for it may be a word. */
  private static Object decimal(String text, int scale) {
    boolean encoded =
        !text.isEmpty()
            && text.length() <= MAX_CHARS
            && Math.abs((long) scale) <= MAX_SCALE
            && BASE64.matcher(text).matches();
    return encoded ? new BigDecimal(new BigInteger(Base64.getDecoder().decode(text)), scale) : text;
  }

  /** Returns the scale that the schema beside the payload says; null if it says none. */
  private @Nullable Integer ofSchema() throws RefusedException {
    FieldPath path = fields.choice();
    List<Step> steps = path.steps();
    boolean ofPayload =
        (path.place() == Place.VALUE || path.place() == Place.KEY)
            && path.levelsUp() <= 0
            && steps.size() > 1
            && "payload".equals(steps.get(0).name());
    Object node = ofPayload ? below(fields.root(), SCHEMA) : null;
    for (int i = 1; i < steps.size() && node != null; i++) {
      node = steps.get(i).ofArray() ? below(node, ITEMS) : field(node, steps.get(i));
    }
    if (node == null || !DECIMAL.equals(scalar(node, NAME))) {
      return null;
    }
    Object parameters = below(node, PARAMETERS);
    Object found = parameters == null ? null : scalar(parameters, SCALE);
    if (found instanceof String text && text.matches("-?\\d{1,4}")) {
      return Integer.valueOf(text);
    }
    return found instanceof Integer digits ? digits : null;
  }

  /** Returns the schema of a field of a struct. */
  private @Nullable Object field(Object struct, Step step) throws RefusedException {
    Object ofStruct = below(struct, FIELDS);
    Iterator<Child> all = ofStruct == null ? null : fields.tree().children(ofStruct);
    while (all != null && all.hasNext()) {
      Object one = all.next().node();
      if (one != null && step.name() != null && step.name().equals(scalar(one, FIELD))) {
        return one;
      }
    }
    return null;
  }

  private @Nullable Object below(Object node, Step step) throws RefusedException {
    Object child = fields.tree().child(node, step);
    return child == RecordTree.NO_PARENT ? null : child;
  }

  private @Nullable Object scalar(Object node, Step step) throws RefusedException {
    Object child = below(node, step);
    return child == null ? null : fields.tree().scalar(child);
  }
}
