package io.tidecast.runtime.hostile;

import java.util.List;
import java.util.stream.Stream;

/** All hostile models, each of which stands for a kind. */
public final class HostileModels {

  private HostileModels() {}

  /** Lists them in an order that does not change. */
  public static List<HostileModel> all() {
    return Stream.of(
            OutsideModels.all(),
            OperatorModels.all(),
            SizeModels.all(),
            FolderModels.all(),
            RunningModels.all())
        .flatMap(List::stream)
        .toList();
  }
}
