package io.tidecast.flink.registry;

/** Is told what becomes of the requests to a registry. Any thread calls it. */
public interface RegistryWatcher {

  /** It tells nobody. */
  RegistryWatcher NONE =
      new RegistryWatcher() {
        @Override
        public void asked() {}

        @Override
        public void failed() {}
      };

  /** A request was sent. */
  void asked();

  /** A request had no answer that could be used, and may be sent again. */
  void failed();
}
