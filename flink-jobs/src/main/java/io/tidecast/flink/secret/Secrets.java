package io.tidecast.flink.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Knows what references stand for, on this machine and in this process. What it returns is never
 * logged nor put into a message.
 *
 * @param variables of the environment, by name
 */
public record Secrets(Map<String, String> variables) {

  /** A file that is longer is not one that somebody meant to put into a job file. */
  private static final int MOST_BYTES = 64 * 1024;

  public Secrets {
    variables = Map.copyOf(variables);
  }

  /** Those of this process. */
  public static Secrets ofThisProcess() {
    return new Secrets(System.getenv());
  }

  /**
   * Puts the text that is meant into the place of each reference.
   *
   * @throws IllegalArgumentException if something begins like a reference and is none
   * @throws UnresolvedException if nothing is there
   */
  public String resolve(String text) throws UnresolvedException {
    if (!ReferenceText.isIn(text)) {
      return text;
    }
    StringBuilder resolved = new StringBuilder();
    for (ReferenceText.Part part : ReferenceText.of(text).parts()) {
      resolved.append(part instanceof ReferenceText.Plain plain ? plain.text() : resolve(part));
    }
    return resolved.toString();
  }

  /**
   * Returns what one reference stands for.
   *
   * @throws UnresolvedException if nothing is there
   */
  public String resolve(ReferenceText.Part part) throws UnresolvedException {
    if (part instanceof ReferenceText.Variable variable) {
      return variable(variable.name());
    }
    if (part instanceof ReferenceText.TextFile file) {
      return file(Path.of(file.path()));
    }
    throw new UnresolvedException(
        "must be ${NAME} or ${file:/path}; %s is for kafka.properties alone, with the provider named in config.providers"
            .formatted(part));
  }

  private String variable(String name) throws UnresolvedException {
    String value = variables.get(name);
    if (value == null) {
      throw new UnresolvedException("must be set: the environment variable " + name);
    }
    return value;
  }

  private static String file(Path file) throws UnresolvedException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new UnresolvedException(
            "must be no longer than %d bytes: the file %s".formatted(MOST_BYTES, file));
      }
      byte[] bytes = Files.readAllBytes(file);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      int end = text.length();
      while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
        end--;
      }
      return text.substring(0, end);
    } catch (CharacterCodingException e) {
      throw new UnresolvedException("must be UTF-8 text: the file " + file);
    } catch (IOException e) {
      throw new UnresolvedException("must be readable: the file " + file);
    }
  }

  /** Shows none of them. */
  @Override
  public String toString() {
    return "Secrets[***]";
  }
}
