package io.tidecast.cli.model;

import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxDescription.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the axes of the past and of the forecast are, by their places and sizes: what both have is
 * channels, what only one has is time. Where two readings fit, the layout asks.
 */
final class SeriesAxes {

  private static final Pattern BATCH = Pattern.compile("(?i).*batch.*|n|b|bs|none");
  private static final Pattern TIME = Pattern.compile("(?i).*(time|seq|len|lag|step|window).*");
  private static final Pattern CHANNEL = Pattern.compile("(?i).*(chan|feat|var).*");

  /** Time is at least so many times as long as there are channels, or nobody can tell. */
  private static final int CLEARLY = 2;

  private final @Nullable Port past;
  private final @Nullable Port ahead;
  private final boolean named;
  private String pastLayout = "";
  private String aheadLayout = "";
  private long context = -1;
  private long horizon = -1;
  private long channels = -1;
  private long targets = -1;
  private long levels;
  private int time = -1;
  private int channel = -1;

  /**
   * @param past of role context, if there is one
   * @param ahead of role point, or of quantiles where there is no point
   * @param named whether its name says that it is quantiles
   */
  SeriesAxes(@Nullable Port past, @Nullable Port ahead, boolean named) {
    this.past = past;
    this.ahead = ahead;
    this.named = named;
    if (past != null) {
      readPast(past);
    }
    if (ahead != null) {
      readAhead(ahead);
    }
  }

  String pastLayout() {
    return pastLayout;
  }

  String aheadLayout() {
    return aheadLayout;
  }

  /** Past cells; -1 where nobody can tell. */
  long context() {
    return context;
  }

  /** Cells ahead; -1 where nobody can tell. */
  long horizon() {
    return horizon;
  }

  /** Channels of the past; -1 where nobody can tell. */
  long channels() {
    return channels;
  }

  /** Channels of the forecast; -1 where nobody can tell. */
  long targets() {
    return targets;
  }

  /** Levels of the forecast; 0 where it has no axis for them, -1 where nobody can tell. */
  long levels() {
    return levels;
  }

  /** The axis of the batch; -1 where there is none. */
  static int batch(Port port, @Nullable Port other) {
    List<Long> shape = port.shape();
    List<Integer> open =
        IntStream.range(0, shape.size()).filter(i -> shape.get(i) == -1).boxed().toList();
    for (int axis : open) {
      if (BATCH.matcher(port.axes().get(axis)).matches()) {
        return axis;
      }
    }
    if (!open.isEmpty()) {
      return open.get(0);
    }
    if (shape.size() < 2) {
      return -1;
    }
    int itsOpen = other == null ? -1 : other.shape().indexOf(-1L);
    if (itsOpen >= 0 && itsOpen < shape.size()) {
      // The nodes tell a size of the batch that the file leaves open on the other side.
      return itsOpen;
    }
    int common = other == null ? 0 : Math.min(shape.size(), other.shape().size());
    for (int axis = 0; axis < common; axis++) {
      if (shape.get(axis).equals(other == null ? null : other.shape().get(axis))) {
        return axis;
      }
    }
    return Math.max(0, shape.indexOf(1L));
  }

  private static List<Integer> behind(Port port, int batch) {
    return IntStream.range(0, port.shape().size()).filter(i -> i != batch).boxed().toList();
  }

  private static List<Integer> large(Port port, List<Integer> axes) {
    return axes.stream().filter(axis -> port.shape().get(axis) != 1).toList();
  }

  private void readPast(Port port) {
    int batch = batch(port, ahead);
    List<Integer> axes = behind(port, batch);
    List<Integer> large = large(port, axes);
    if (large.size() > 2) {
      pastLayout =
          ask("where batch, time and channel are, 1 for other axes, such as batch,1,time,channel");
      return;
    }
    if (large.size() == 2) {
      time = timeOf(port, large.get(0), large.get(1));
      if (time < 0) {
        pastLayout = ask("batch,time,channel or batch,channel,time");
        return;
      }
      channel = large.get(0) == time ? large.get(1) : large.get(0);
    } else {
      time = large.isEmpty() ? (axes.isEmpty() ? -1 : axes.get(0)) : large.get(0);
      channel = axes.stream().filter(axis -> axis != time).reduce(-1, (a, b) -> b);
    }
    context = time < 0 ? 1 : port.shape().get(time);
    channels = channel < 0 ? 1 : port.shape().get(channel);
    pastLayout = layout(port, batch, List.of("time", "channel"), new int[] {time, channel});
  }

  private int timeOf(Port port, int first, int second) {
    for (int axis : List.of(first, second)) {
      String name = port.axes().get(axis);
      int other = axis == first ? second : first;
      if (TIME.matcher(name).matches()) {
        return axis;
      }
      if (CHANNEL.matcher(name).matches()) {
        return other;
      }
    }
    long a = port.shape().get(first);
    long b = port.shape().get(second);
    if (ahead != null) {
      Port its = ahead;
      List<Long> sizes =
          large(its, behind(its, batch(its, past))).stream().map(i -> its.shape().get(i)).toList();
      boolean hasFirst = a > 0 && sizes.contains(a);
      boolean hasSecond = b > 0 && sizes.contains(b);
      if (sizes.size() > 1 && hasFirst != hasSecond) {
        return hasFirst ? second : first;
      }
    }
    if (a == -1 || b == -1) {
      return a == -1 ? first : second;
    }
    return a >= CLEARLY * b ? first : b >= CLEARLY * a ? second : -1;
  }

  private void readAhead(Port port) {
    int batch = batch(port, past);
    List<Integer> axes = behind(port, batch);
    List<Integer> large = large(port, axes);
    int[] found = channels == 1 ? ofOne(port, axes, large) : ofSeveral(port, axes, large);
    if (found.length == 0) {
      aheadLayout =
          ask(
              axes.size() == 1
                  ? "batch,horizon if it forecasts one channel, batch,horizon*channel if all; batch,channel for one step of all"
                  : "where batch, horizon, channel and level are, such as batch,level,horizon");
      return;
    }
    horizon = found[0] < 0 ? 1 : port.shape().get(found[0]);
    targets = found[1] < 0 ? 1 : port.shape().get(found[1]);
    levels = found.length < 3 ? 0 : found[2] < 0 ? 1 : port.shape().get(found[2]);
    aheadLayout = layout(port, batch, List.of("horizon", "channel", "level"), found);
  }

  /** Finds horizon, channel and perhaps level; empty where it has to be asked. */
  private int[] ofOne(Port port, List<Integer> axes, List<Integer> large) {
    if (large.size() > 2 || named && large.size() < 2 && axes.size() < 2) {
      return new int[0];
    }
    if (large.size() == 2) {
      return withLevels(port, large.get(0), large.get(1), last(axes, large));
    }
    int ahead = large.isEmpty() ? first(axes, List.of()) : large.get(0);
    if (named) {
      int level = last(axes, List.of(ahead));
      return new int[] {ahead, last(axes, List.of(ahead, level)), level};
    }
    return new int[] {ahead, last(axes, List.of(ahead))};
  }

  /** The longer of two is time. */
  private static int[] withLevels(Port port, int first, int second, int channel) {
    long a = port.shape().get(first);
    long b = port.shape().get(second);
    if (a == b) {
      return new int[0];
    }
    // An axis of any size is the longer one.
    boolean isFirst = a == -1 || b != -1 && a > b;
    return isFirst ? new int[] {first, channel, second} : new int[] {second, channel, first};
  }

  private int[] ofSeveral(Port port, List<Integer> axes, List<Integer> large) {
    List<Integer> equal =
        large.stream().filter(axis -> port.shape().get(axis) == channels).toList();
    if (large.size() == 3 && equal.size() == 1) {
      int its = equal.get(0);
      List<Integer> others = large.stream().filter(axis -> axis != its).toList();
      return withLevels(port, others.get(0), others.get(1), its);
    }
    if (large.size() > 2) {
      return new int[0];
    }
    if (named && axes.size() == 2) {
      return large.size() == 2 ? withLevels(port, large.get(0), large.get(1), -1) : new int[0];
    }
    if (large.size() == 2) {
      int its = equal.size() == 1 ? equal.get(0) : time <= channel ? large.get(1) : large.get(0);
      if (channels > 0 && port.shape().get(its) > channels) {
        return new int[0];
      }
      int ahead = its == large.get(0) ? large.get(1) : large.get(0);
      return named
          ? new int[] {ahead, its, last(axes, List.of(ahead, its))}
          : new int[] {ahead, its};
    }
    if (large.isEmpty()) {
      int ahead = first(axes, List.of());
      return new int[] {ahead, last(axes, List.of(ahead))};
    }
    int only = large.get(0);
    long size = port.shape().get(only);
    if (axes.size() == 1) {
      return channels < 1 || size > 0 && size % channels == 0 ? new int[0] : new int[] {only, -1};
    }
    int other = last(axes, List.of(only));
    if (size == channels) {
      boolean isTime = axes.size() == 2 && (only < other) == (time < channel);
      return isTime ? new int[] {only, other} : new int[] {other, only};
    }
    return new int[] {only, other};
  }

  private static int first(List<Integer> axes, List<Integer> but) {
    return axes.stream().filter(axis -> !but.contains(axis)).findFirst().orElse(-1);
  }

  private static int last(List<Integer> axes, List<Integer> but) {
    return axes.stream().filter(axis -> !but.contains(axis)).reduce(-1, (a, b) -> b);
  }

  private static String layout(Port port, int batch, List<String> names, int[] places) {
    List<String> tokens = new ArrayList<>();
    for (int axis = 0; axis < port.shape().size(); axis++) {
      String token = axis == batch ? "batch" : "1";
      for (int i = 0; i < places.length; i++) {
        token = places[i] == axis ? names.get(i) : token;
      }
      tokens.add(token);
    }
    return String.join(",", tokens);
  }

  static String ask(String what) {
    return ModelManifest.TO_FILL + ": " + what;
  }
}
