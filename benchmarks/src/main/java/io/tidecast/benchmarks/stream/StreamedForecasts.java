package io.tidecast.benchmarks.stream;

import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Runs jobs over files, and keeps what they would write to Kafka. One at a time. */
final class StreamedForecasts implements AutoCloseable {

  /** They are static, because the operators of a job are copies. */
  private static final Collection<IssuedForecast> FORECASTS = new ConcurrentLinkedQueue<>();

  private static final Collection<Rejection> REJECTIONS = new ConcurrentLinkedQueue<>();

  private final EmbeddedFlink flink = EmbeddedFlink.start(1, new Configuration());

  /**
   * The forecasts of a job of one series, by origin.
   *
   * @throws IllegalStateException if anything was rejected, or a forecast is not the model's
   */
  Map<Long, float[]> run(JobConfig config, ForecasterFactory model) throws InterruptedException {
    FORECASTS.clear();
    REJECTIONS.clear();
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    ForecastJob.Outputs outputs = ForecastJob.outputs(env, config, model);
    outputs.forecasts().process(new Keep<>(true)).returns(Integer.class).uid("keep-forecasts");
    outputs.rejections().process(new Keep<>(false)).returns(Integer.class).uid("keep-rejections");
    EmbeddedFlink.Job job = flink.submit(env.getStreamGraph());
    while (!job.finished()) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    for (Rejection rejection : REJECTIONS) {
      throw new IllegalStateException("nothing may be rejected: " + rejection.detail());
    }
    Map<Long, float[]> points = new TreeMap<>();
    for (IssuedForecast forecast : FORECASTS) {
      if (forecast.fallback() || points.put(forecast.originMillis(), points(forecast)) != null) {
        throw new IllegalStateException("every forecast must be the model's, and the only one");
      }
    }
    return points;
  }

  private static float[] points(IssuedForecast forecast) {
    int targets = forecast.issuer().channels();
    float[] points = new float[forecast.points().length];
    for (int i = 0; i < points.length; i++) {
      points[i] = (float) forecast.point(i / targets, i % targets);
    }
    return points;
  }

  @Override
  public void close() {
    flink.close();
  }

  private static final class Keep<T> extends ProcessFunction<T, Integer> {

    private static final long serialVersionUID = 1L;

    private final boolean forecasts;

    Keep(boolean forecasts) {
      this.forecasts = forecasts;
    }

    @Override
    public void processElement(T made, Context context, Collector<Integer> out) {
      if (forecasts) {
        FORECASTS.add((IssuedForecast) made);
      } else {
        REJECTIONS.add((Rejection) made);
      }
    }
  }
}
