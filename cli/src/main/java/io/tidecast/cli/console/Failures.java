package io.tidecast.cli.console;

import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** Finds in the chain of a failure what people are told. */
public final class Failures {

  /** Longer chains are circles. */
  private static final int MAX_DEPTH = 50;

  private Failures() {}

  /** Finds the cause of this class, from the failure to its root; null where there is none. */
  public static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    Throwable one = failure;
    for (int depth = 0; one != null && depth < MAX_DEPTH; depth++) {
      if (type.isInstance(one)) {
        return type.cast(one);
      }
      one = one.getCause();
    }
    return null;
  }

  /** Says whether the message of a cause in the chain has this text. */
  public static boolean says(Throwable failure, String text) {
    Throwable one = failure;
    for (int depth = 0; one != null && depth < MAX_DEPTH; depth++) {
      if (one.getMessage() != null && one.getMessage().contains(text)) {
        return true;
      }
      one = one.getCause();
    }
    return false;
  }

  /** Finds what everything began with. */
  public static Throwable root(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < MAX_DEPTH; depth++) {
      root = root.getCause();
    }
    return root;
  }

  /** Says in words what everything began with: its message, after its name where that says more. */
  public static String text(Throwable failure) {
    Throwable root = root(failure);
    String message = root.getMessage();
    String name = root.getClass().getSimpleName();
    if (message == null || message.isBlank()) {
      return name;
    }
    if (root instanceof FileSystemException) {
      // Those of files hold nothing but the path.
      return name + ": " + message;
    }
    return sentence(message);
  }

  /** Takes the full stop away, for something follows. */
  public static String sentence(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }
}
