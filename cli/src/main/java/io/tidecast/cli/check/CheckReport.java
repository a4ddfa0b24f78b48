package io.tidecast.cli.check;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a job before it starts. {@code check --json} prints it under these
 * names. Times are ISO-8601 in UTC, durations ISO-8601.
 *
 * @param config the job file
 * @param from where observations come from: topics, a pattern or files
 * @param to where forecasts go
 * @param servers the brokers
 * @param model the one of {@code model.path}; null where it could not be read
 * @param others those beside it, in the order of the job file
 * @param created a sentence for each topic that was created
 * @param topics that the job uses
 * @param observations what was read of the source; null where nothing could be
 * @param covariates what was read of the topic of covariates; null where there is none, or nothing
 *     could be read
 * @param notices what is not wrong, and may not be what was meant; a sentence each
 * @param problems what is to put right; a sentence each
 * @param ready whether the job can be started
 */
record CheckReport(
    String config,
    String from,
    String to,
    String servers,
    @Nullable Model model,
    List<Other> others,
    List<String> created,
    List<Topic> topics,
    @Nullable Records observations,
    @Nullable Records covariates,
    List<String> notices,
    List<String> problems,
    boolean ready) {

  /**
   * What the model needs and makes.
   *
   * @param step of the grid
   * @param neededCells of a series before the model is asked
   * @param neededTime the same as a duration
   * @param horizon cells of a forecast
   * @param channels of an observation, by name as far as they have one
   * @param futureCovariates that must be known ahead, by name
   * @param device which ONNX Runtime was found, and on what the model runs; a sentence
   */
  record Model(
      String id,
      String version,
      String step,
      int contextCells,
      int neededCells,
      String neededTime,
      int horizon,
      List<String> channels,
      List<String> futureCovariates,
      List<Double> quantileLevels,
      @Nullable String device) {}

  /**
   * A model beside the default.
   *
   * @param name of its slot
   * @param role {@code primary} or {@code shadow}
   * @param series pattern of the names of its series; null for all
   * @param group pattern of their groups; null for all
   */
  record Other(
      String name, String role, @Nullable String series, @Nullable String group, Model model) {}

  /**
   * A topic of the job.
   *
   * @param key of the job file
   * @param state {@code found}, {@code missing} or {@code hidden}, which nobody may look at
   */
  record Topic(String key, String name, String state, @Nullable Integer partitions) {}

  /**
   * The first and the newest records of a source.
   *
   * @param origin topics or files
   * @param available records that there are, by their offsets; null of files
   * @param read records that were read
   * @param understood observations in them
   * @param refused dead letters that they would give
   * @param passedOver what of them is no observation by declaration
   * @param series different ones that were seen
   * @param apart what lies between two records of a series as a rule; null where too few were seen
   * @param earliest time that was seen
   * @param latest time that was seen
   * @param shown some of the observations
   * @param refusals why records are refused, with an example each
   */
  record Records(
      String origin,
      @Nullable Long available,
      long read,
      long understood,
      long refused,
      long passedOver,
      int series,
      @Nullable String apart,
      @Nullable String earliest,
      @Nullable String latest,
      List<Understood> shown,
      List<Refusal> refusals) {}

  /**
   * An observation as the job understands it.
   *
   * @param place topic or file, partition and offset or line
   * @param cellStart when the cell begins that it falls into
   * @param cellEnd when the next one begins
   * @param values by channel; null is missing
   */
  record Understood(
      String place,
      String series,
      String time,
      String cellStart,
      String cellEnd,
      Map<String, @Nullable Double> values) {}

  /**
   * Why records would be dead letters.
   *
   * @param reason its code
   * @param details as their dead letters would have them, the first different ones
   * @param count of all of them
   * @param place of the first
   * @param value of the first, as text or hex, shortened
   */
  record Refusal(String reason, List<String> details, long count, String place, String value) {}
}
