package io.tidecast.runtime.hostile;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A model that means harm, or does harm without meaning it.
 *
 * @param name of its folder
 * @param expected what must become of it
 * @param writer what it consists of
 */
public record HostileModel(String name, Expected expected, Writer writer) {

  /** What must become of a model. */
  public sealed interface Expected {

    /**
     * It is refused when it is read, in one sentence.
     *
     * @param sentence part of it
     */
    record Refused(String sentence) implements Expected {}

    /**
     * It passes the door, for nothing in it tells what it does when it runs.
     *
     * @param harm what it does then
     */
    record Passes(Harm harm) implements Expected {}
  }

  /** What a model does that passes the door. */
  public enum Harm {
    /** A run, and so the trial when it is opened, does not end. */
    ENDLESS,
    /** A run does not end for one value of a context, and takes no time for others. */
    ENDLESS_FOR_ONE_VALUE,
    /** Forecasts are no numbers on series that anyone may have. */
    NOT_A_NUMBER,
    /** It asks for far more memory than there is: when it is opened, or when it runs. */
    MEMORY
  }

  /** Writes the files of a model. */
  @FunctionalInterface
  interface Writer {
    void write(HostileFolder folder) throws IOException;
  }

  static HostileModel refused(String name, String sentence, Writer writer) {
    return new HostileModel(name, new Expected.Refused(sentence), writer);
  }

  static HostileModel passes(String name, Harm harm, Writer writer) {
    return new HostileModel(name, new Expected.Passes(harm), writer);
  }

  /** Says whether one must not open it without a deadline. */
  public boolean isEndless() {
    return expected instanceof Expected.Passes passes
        && (passes.harm() == Harm.ENDLESS || passes.harm() == Harm.ENDLESS_FOR_ONE_VALUE);
  }

  /**
   * Writes the model below a folder, with baits where it points to.
   *
   * @return the folder of the model; the bait files have {@link HostileFolder#BAIT} in their names
   */
  public Path write(Path parent) throws IOException {
    HostileFolder folder = new HostileFolder(parent.resolve(name));
    writer.write(folder);
    return folder.model();
  }
}
