package io.tidecast.flink.model;

/** How far a version has come on its way into a job, in order. */
public enum LoadStage {
  /** Its files are copied from where they are. */
  FETCH,
  /** Its checksum is compared, and its manifest and graph are read and held against each other. */
  CHECK,
  /** It is held against what the job gives a model and expects of it. */
  FIT,
  /** Its session is opened and tried, and its answers are held against its golden vectors. */
  OPEN
}
