package io.tidecast.flink.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.jar.Attributes;

/**
 * What the classes of Tidecast were built from, as the manifest of their jar says.
 *
 * @param version of Tidecast, such as {@code 0.1.0}; {@code development} for classes in no jar
 * @param commit in 12 digits, with {@code -dirty} after them where files had been changed since;
 *     {@code unknown} where Git was not there to tell
 */
public record Build(String version, String commit) {

  private static final Build LOOSE = new Build("development", "unknown");

  /** Reads the manifest of the jar that this class was loaded from. */
  public static Build ofTidecast() {
    URL self = Build.class.getResource(Build.class.getSimpleName() + ".class");
    try {
      if (self == null || !(self.openConnection() instanceof JarURLConnection jar)) {
        return LOOSE;
      }
      // A jar that stays open would outlive the job that brought it.
      jar.setUseCaches(false);
      Attributes manifest = jar.getMainAttributes();
      if (manifest == null) {
        return LOOSE;
      }
      String version = manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
      String commit = manifest.getValue("Implementation-Commit");
      return new Build(
          version == null ? LOOSE.version : version, commit == null ? LOOSE.commit : commit);
    } catch (IOException e) {
      throw new UncheckedIOException("the jar of Tidecast cannot be read: " + self, e);
    }
  }

  /** The version with its commit, such as {@code 0.1.0, commit 1f0c5ab2d9e4}. */
  @Override
  public String toString() {
    return "%s, commit %s".formatted(version, commit);
  }
}
