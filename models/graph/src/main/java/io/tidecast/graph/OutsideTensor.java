package io.tidecast.graph;

import java.util.regex.Pattern;

/**
 * A tensor whose values are not in the ONNX file.
 *
 * @param place the way to it through the fields of the file, such as {@code
 *     graph.node[3].attribute[0].t}
 * @param name of the tensor; empty where it has none
 * @param location the file that holds the values, as the tensor names it; {@link #UNNAMED} where it
 *     names none
 */
public record OutsideTensor(String place, String name, String location) {

  /** Stands for a location that a tensor does not give. */
  public static final String UNNAMED = "unnamed";

  /** No folder, no drive, nothing hidden, nothing that a terminal would act on. */
  private static final Pattern PLAIN =
      Pattern.compile("[^./\\\\:*?\"<>|\\p{C}][^/\\\\:*?\"<>|\\p{C}]{0,199}");

  /** Tells whether a text is a name of a file and nothing more: no folder, nothing hidden. */
  public static boolean isPlainName(String location) {
    return PLAIN.matcher(location).matches();
  }
}
