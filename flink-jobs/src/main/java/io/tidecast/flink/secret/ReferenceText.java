package io.tidecast.flink.secret;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Text in which references stand for text that is kept elsewhere: {@code ${NAME}} for an
 * environment variable, {@code ${file:/path}} for what is in a file. Two dollars and a brace stand
 * for the last two of these characters themselves.
 *
 * @param parts in the order of the text
 */
public record ReferenceText(List<Part> parts) {

  /** How every reference begins. */
  private static final String BEGIN = "${";

  private static final String FILE = "file:";

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

  private static final Pattern PROVIDED = Pattern.compile("[^:]+:.*", Pattern.DOTALL);

  /** A piece of the text. */
  public sealed interface Part {}

  /** Characters that stand for themselves. */
  public record Plain(String text) implements Part {}

  /** The value of an environment variable. */
  public record Variable(String name) implements Part {

    @Override
    public String toString() {
      return BEGIN + name + "}";
    }
  }

  /** The text of a file, without line ends at its end. */
  public record TextFile(String path) implements Part {

    @Override
    public String toString() {
      return BEGIN + FILE + path + "}";
    }
  }

  /**
   * A reference to something else that has a name and a colon, such as those that Kafka resolves.
   *
   * @param provider what stands before the colon
   * @param inside what stands between the braces
   */
  public record Other(String provider, String inside) implements Part {

    @Override
    public String toString() {
      return BEGIN + inside + "}";
    }
  }

  public ReferenceText {
    parts = List.copyOf(parts);
  }

  /** Says whether a text has references, or characters that are kept from being one. */
  public static boolean isIn(String text) {
    return text.contains(BEGIN);
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if something begins like a reference and is none; the message
   *     says what would be one and quotes nothing of the text, which may be a secret
   */
  public static ReferenceText of(String text) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, from)) {
      boolean escaped = at > from && text.charAt(at - 1) == '$';
      parts.add(new Plain(text.substring(from, escaped ? at - 1 : at)));
      if (escaped) {
        parts.add(new Plain(BEGIN));
        from = at + BEGIN.length();
      } else {
        int end = text.indexOf('}', at);
        if (end < 0) {
          throw noReference();
        }
        parts.add(reference(text.substring(at + BEGIN.length(), end)));
        from = end + 1;
      }
    }
    parts.add(new Plain(text.substring(from)));
    return new ReferenceText(parts);
  }

  private static Part reference(String inside) {
    if (NAME.matcher(inside).matches()) {
      return new Variable(inside);
    }
    if (inside.startsWith(FILE) && isAbsolute(inside.substring(FILE.length()))) {
      return new TextFile(inside.substring(FILE.length()));
    }
    if (!PROVIDED.matcher(inside).matches()) {
      throw noReference();
    }
    return new Other(inside.substring(0, inside.indexOf(':')), inside);
  }

  private static boolean isAbsolute(String path) {
    try {
      return Path.of(path).isAbsolute();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static IllegalArgumentException noReference() {
    return new IllegalArgumentException(
        "must be ${NAME} of an environment variable, or ${file:/path} with the whole path of a file; $${ stands for the two characters");
  }

  /** Says whether nothing but what is written here is in the text. */
  public boolean isPlain() {
    return parts.stream().allMatch(Plain.class::isInstance);
  }
}
